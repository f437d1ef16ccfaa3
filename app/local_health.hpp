#pragma once

#include "app/health_checks.hpp"
#include "core/config.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gleaner {

/// Adds what is to be said of the folders of collections and state: that they can be written, what
/// is written stays (fsync), and there is room.
void check_store(const Config& config, std::vector<HealthCheck>& found);

/// Adds whether a worker could listen where the settings say, or one does.
void check_ports(const Config& config, std::vector<HealthCheck>& found);

/// What this program is, and with which libraries it runs.
HealthCheck tell_version(const std::string& version);

/// A finding about a folder with so much room left.
HealthCheck judge_room(const std::string& folder, std::uint64_t free_bytes);

} // namespace gleaner
