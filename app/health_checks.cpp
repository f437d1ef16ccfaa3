#include "app/health_checks.hpp"

#include "app/cluster_health.hpp"
#include "app/key_health.hpp"
#include "app/local_health.hpp"
#include "app/redis_health.hpp"

namespace gleaner {

HealthCheck failed_check(const std::string& name, const Error& error) {
  return {HealthCheck::Verdict::fail, name, describe(error), error.code};
}

std::vector<HealthCheck> check_health(const Config& config, const ProviderProfile& profile,
                                      const std::string& version) {
  std::vector<HealthCheck> found;
  for (const auto& key : api_keys(config.api))
    check_key(config.api, key, profile, version, found);
  if (config.cluster.role != "fetcher") { // which has neither
    check_redis(config, found);
    check_store(config, found);
  }
  check_ports(config, found);
  check_cluster(config.cluster, found);
  found.push_back(tell_version(version));
  return found;
}

} // namespace gleaner
