#include "app/cluster_health.hpp"

#include "adapters/certificates/identity_files.hpp"
#include "adapters/process/child_process.hpp"
#include "core/iso_time.hpp"

#include <chrono>

namespace gleaner {

namespace {

using Verdict = HealthCheck::Verdict;

HealthCheck judge_certificate(const ClusterConfig& config) {
  using namespace std::chrono;
  const auto purpose =
    config.role == "fetcher" ? certificates::Purpose::fetcher : certificates::Purpose::coordinator;
  const auto ends = certificates::check_identity(config, purpose);
  if (!ends)
    return {Verdict::fail, "certificate", ends.error().detail, ends.error().code};
  constexpr auto early = hours{14 * 24};
  if (milliseconds{*ends} - system_clock::now().time_since_epoch() < early)
    return {Verdict::warn,
            "certificate",
            "ends on " + iso_time(*ends) + "; issue another one by `gleaner cluster issue`",
            {}};
  return {Verdict::ok, "certificate", "good until " + iso_time(*ends), {}};
}

HealthCheck judge_stunnel() {
  auto program = process::ChildProcess::start({{"stunnel", "-version"}, {}, -1, {}, SIGTERM});
  if (!program)
    return {Verdict::fail, "stunnel", program.error().detail, program.error().code};
  if (process::ChildProcess::was_not_found(program->wait()))
    return {Verdict::fail, "stunnel", "not installed; install it (Debian's stunnel4)", Errc::usage};
  return {Verdict::ok, "stunnel", "installed", {}};
}

} // namespace

void check_cluster(const ClusterConfig& config, std::vector<HealthCheck>& found) {
  const bool clustered = config.listen != "off" || !config.join.empty();
  if (!clustered || config.plain)
    return;
  found.push_back(judge_certificate(config));
  found.push_back(judge_stunnel());
}

} // namespace gleaner
