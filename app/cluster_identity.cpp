#include "app/cluster_identity.hpp"

#include "adapters/certificates/identity_files.hpp"
#include "core/iso_time.hpp"

#include <unistd.h>

#include <array>
#include <chrono>

namespace gleaner {

bool is_joined_by_tls(const ClusterConfig& config) {
  return !config.plain && (config.listen != "off" || !config.join.empty());
}

Result<OwnCertificate> read_own_certificate(const ClusterConfig& config) {
  using namespace std::chrono;
  const auto purpose =
    config.role == "fetcher" ? certificates::Purpose::fetcher : certificates::Purpose::coordinator;
  const auto ends = certificates::check_identity(config, purpose);
  if (!ends)
    return ends.error();
  constexpr auto early = hours{14 * 24};
  const auto left = milliseconds{*ends} - system_clock::now().time_since_epoch();
  return OwnCertificate{*ends, left < early};
}

Result<std::optional<std::int64_t>> check_cluster_identity(const ClusterConfig& config,
                                                           ClusterMetrics& metrics, EventLog& log) {
  if (!is_joined_by_tls(config))
    return std::optional<std::int64_t>{};
  const auto own = read_own_certificate(config);
  if (!own)
    return own.error();
  constexpr double ms_per_second = 1000;
  metrics.certificate_end.Set(static_cast<double>(own->ends_ms) / ms_per_second);
  if (own->ends_soon)
    log.warn("cluster.certificate_ends",
             "the certificate ends soon: issue another one, then start anew",
             {{"file", config.tls_cert}, {"ends", iso_time(own->ends_ms)}});
  return std::optional{own->ends_ms};
}

std::string name_of_machine() {
  std::array<char, 65> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0')
    return "unnamed";
  return name.data();
}

} // namespace gleaner
