#pragma once

#include "core/config.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gleaner {

/// When the certificate of this process ends, in ms since the epoch; nothing when it is in no
/// cluster, or in one without TLS. Errc::usage when the files of the settings can't be used. Warns
/// of one that ends within two weeks.
Result<std::optional<std::int64_t>> check_cluster_identity(const ClusterConfig& config,
                                                           ClusterMetrics& metrics, EventLog& log);

/// Of this machine, as a coordinator takes the name of a node.
std::string name_of_machine();

} // namespace gleaner
