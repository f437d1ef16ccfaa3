#include "app/cluster_rules.hpp"

#include <string>

namespace gleaner {

namespace {

bool is_this_machine(const std::string& address) {
  return address.starts_with("127.0.0.1:") || address.starts_with("localhost:");
}

} // namespace

void settle_cluster(LoadedConfig& loaded) {
  const auto& cluster = loaded.config.cluster;
  const auto wrong = [&](const std::string& path, const std::string& what) {
    loaded.problems.push_back(loaded.origins[path] + ": " + path + ": " + what);
  };
  const bool is_fetcher = cluster.role == "fetcher";
  const bool listens = cluster.listen != "off";
  if (is_fetcher && cluster.join.empty())
    wrong("cluster.role", "a fetcher joins coordinators: name them by --join host:port");
  if (!is_fetcher && !cluster.join.empty())
    wrong("cluster.join", "only a fetcher joins: add --role fetcher, or drop it");
  if (cluster.role == "coordinator" && !listens)
    wrong("cluster.role", "a coordinator fetches nothing by itself: let fetchers join by "
                          "--cluster-listen host:port, or use the role all");
  if (is_fetcher && listens)
    wrong("cluster.listen", "nobody joins a fetcher: drop it");
  if (listens && (!cluster.plain || !is_this_machine(cluster.listen)))
    wrong("cluster.listen", "nodes join without TLS, so on this machine only: name 127.0.0.1 and "
                            "add --cluster-plain on");
  for (const auto& coordinator : cluster.join)
    if (!cluster.plain || !is_this_machine(coordinator))
      wrong("cluster.join", coordinator + " is joined without TLS, so on this machine only: name "
                                          "127.0.0.1 and add --cluster-plain on");
}

} // namespace gleaner
