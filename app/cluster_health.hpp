#pragma once

#include "app/health_checks.hpp"
#include "core/config.hpp"

#include <vector>

namespace gleaner {

/// Adds what is to be said of certificates and stunnel, where the process is to join or be joined
/// by TLS.
void check_cluster(const ClusterConfig& config, std::vector<HealthCheck>& found);

} // namespace gleaner
