#pragma once

#include "app/health_checks.hpp"
#include "core/config.hpp"

#include <string>
#include <vector>

namespace gleaner {

/// Adds what is to be said of Redis, its clock, the queue and drained keys.
void check_redis(const Config& config, std::vector<HealthCheck>& found);

/// Findings in the answer of INFO (its lines). What a server hides is a warning or left out: hosted
/// ones hide much.
std::vector<HealthCheck> judge_redis(const std::string& info);

} // namespace gleaner
