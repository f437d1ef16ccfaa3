#pragma once

#include "core/config.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gleaner {

/// Whether the process is to join, or be joined, by TLS.
bool is_joined_by_tls(const ClusterConfig& config);

struct OwnCertificate {
  std::int64_t ends_ms = 0; ///< Since the epoch.
  bool ends_soon = false;   ///< Within two weeks.
};

/// The certificate of the settings, good for the process's role. Errc::usage when its files can't
/// be used. @pre is_joined_by_tls()
Result<OwnCertificate> read_own_certificate(const ClusterConfig& config);

/// When the certificate of this process ends, in ms since the epoch; nothing when it is in no
/// cluster, or in one without TLS. Errc::usage when the files of the settings can't be used. Warns
/// of one that ends within two weeks.
Result<std::optional<std::int64_t>> check_cluster_identity(const ClusterConfig& config,
                                                           ClusterMetrics& metrics, EventLog& log);

/// Of this machine, as a coordinator takes the name of a node.
std::string name_of_machine();

} // namespace gleaner
