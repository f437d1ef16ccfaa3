#pragma once

#include "app/health_checks.hpp"
#include "core/config.hpp"
#include "core/provider_profile.hpp"

#include <string>
#include <vector>

namespace gleaner {

/// "key", or "key team-a".
std::string key_check_name(const std::string& what, const ApiKey& key);

/// Adds what the API says of the key, and whether the plan behind it gives what the settings ask
/// for.
void check_key(const ApiConfig& config, const ApiKey& key, const ProviderProfile& profile,
               const std::string& version, std::vector<HealthCheck>& found);

} // namespace gleaner
