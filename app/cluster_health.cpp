#include "app/cluster_health.hpp"

#include "adapters/process/child_process.hpp"
#include "app/cluster_identity.hpp"
#include "core/iso_time.hpp"

namespace gleaner {

namespace {

using Verdict = HealthCheck::Verdict;

HealthCheck judge_certificate(const ClusterConfig& config) {
  const auto own = read_own_certificate(config);
  if (!own)
    return {Verdict::fail, "certificate", own.error().detail, own.error().code};
  if (own->ends_soon)
    return {Verdict::warn,
            "certificate",
            "ends on " + iso_time(own->ends_ms) + "; issue another one by `gleaner cluster issue`",
            {}};
  return {Verdict::ok, "certificate", "good until " + iso_time(own->ends_ms), {}};
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
  if (!is_joined_by_tls(config))
    return;
  found.push_back(judge_certificate(config));
  found.push_back(judge_stunnel());
}

} // namespace gleaner
