#include "app/cluster_rules.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace gleaner {

namespace {

bool is_this_machine(const std::string& address) {
  return address.starts_with("127.0.0.1:") || address.starts_with("localhost:");
}

/// What the link at `address` needs.
template <class Wrong>
void settle_link(const ClusterConfig& cluster, const std::string& path, const std::string& address,
                 const Wrong& wrong) {
  const std::string files[] = {cluster.tls_ca, cluster.tls_cert, cluster.tls_key};
  const auto given = std::count_if(std::begin(files), std::end(files),
                                   [](const auto& file) { return !file.empty(); });
  if (cluster.plain && given > 0)
    wrong("cluster.plain",
          "either without TLS or with cluster.tls_ca, tls_cert and tls_key: drop one");
  else if (cluster.plain && !is_this_machine(address))
    wrong(path, address +
                  " is not on this machine (127.0.0.1), and without TLS nothing else is "
                  "joined: drop cluster.plain, and name cluster.tls_ca, tls_cert and tls_key");
  else if (!cluster.plain && given < 3)
    wrong(path,
          "needs cluster.tls_ca, cluster.tls_cert and cluster.tls_key, which `gleaner cluster "
          "init-ca` and `gleaner cluster issue` make; or, on this machine only, "
          "--cluster-plain on");
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
  if (listens)
    settle_link(cluster, "cluster.listen", cluster.listen, wrong);
  for (const auto& coordinator : cluster.join)
    settle_link(cluster, "cluster.join", coordinator, wrong);
}

} // namespace gleaner
