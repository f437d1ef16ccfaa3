#include "app/cluster_identity.hpp"

#include "adapters/certificates/identity_files.hpp"
#include "core/iso_time.hpp"

#include <unistd.h>

#include <array>
#include <chrono>

namespace gleaner {

Result<std::optional<std::int64_t>> check_cluster_identity(const ClusterConfig& config,
                                                           ClusterMetrics& metrics, EventLog& log) {
  using namespace std::chrono;
  const bool clustered = config.listen != "off" || !config.join.empty();
  if (!clustered || config.plain)
    return std::optional<std::int64_t>{};
  const auto purpose =
    config.role == "fetcher" ? certificates::Purpose::fetcher : certificates::Purpose::coordinator;
  const auto ends = certificates::check_identity(config, purpose);
  if (!ends)
    return ends.error();
  constexpr double ms_per_second = 1000;
  metrics.certificate_end.Set(static_cast<double>(*ends) / ms_per_second);
  constexpr auto early = hours{14 * 24};
  const auto now = system_clock::now().time_since_epoch();
  if (milliseconds{*ends} - now < early)
    log.warn("cluster.certificate_ends",
             "the certificate ends soon: issue another one, then start anew",
             {{"file", config.tls_cert}, {"ends", iso_time(*ends)}});
  return std::optional{*ends};
}

std::string name_of_machine() {
  std::array<char, 65> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0')
    return "unnamed";
  return name.data();
}

} // namespace gleaner
