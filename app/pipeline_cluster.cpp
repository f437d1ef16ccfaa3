#include "app/cluster/cluster_gate.hpp"
#include "app/cluster_tunnel.hpp"
#include "app/pipeline.hpp"
#include "messages/registry.hpp"

#include <caf/send.hpp>

#include <utility>

/// The part of Pipeline that lets other processes fetch for this one.
namespace gleaner {

/// Whom fetchers ask for pages.
HunterApi* Pipeline::api_of(const std::string& key, const Config& config) {
  auto* const own = ports_.keys.at(key).api;
  if (config.cluster.listen == "off")
    return own;
  if (!pool_)
    pool_ = std::make_shared<NodePool>();
  return &pooled_apis_.try_emplace(key, key, pool_, ports_.profile, *own).first->second;
}

/// This process is one of those that get pages.
void Pipeline::join_itself(const Config& config, const std::string& version) {
  const auto id = pool_->next_id();
  const auto send = [pool = pool_, id, keys = ports_.keys](PageOrder order) {
    keys.at(order.key).api->search(order.request, order.send_before,
                                   [pool, id, number = order.number](ApiAnswer answer) {
                                     pool->served(id, number, std::move(answer));
                                   });
  };
  pool_->add(id, own_name, version, send, config.api.max_fetchers);
}

Result<std::optional<std::uint16_t>> Pipeline::open_cluster(const Config& config,
                                                            const std::string& version,
                                                            std::function<std::string()> keys) {
  if (config.cluster.listen == "off")
    return std::optional<std::uint16_t>{};
  pool_->watch_room(
    [coordinator = coordinator_, gauge = &ports_.metrics.cluster.slots](std::uint32_t slots) {
      gauge->Set(slots);
      caf::anon_send(coordinator, FetchersAllowed{slots});
    });
  if (config.cluster.role != "coordinator")
    join_itself(config, version);
  const auto& listen = config.cluster.listen;
  // With TLS the gate is on the loopback, behind the tunnel.
  const auto own_port = config.cluster.plain ? port_of(listen) : std::uint16_t{0};
  auto gate = open_cluster_gate(
    system_, own_port,
    {pool_, std::move(keys), version, &ports_.log, &ports_.metrics.cluster, ports_.tracer});
  if (!gate)
    return gate.error();
  gate_ = std::move(gate->actor);
  if (config.cluster.plain)
    return std::optional{gate->port};
  auto tunnel = open_tunnel(config.cluster, tunnel::TunnelConfig::End::server, listen,
                            loopback_port(gate->port), ports_.log);
  if (!tunnel)
    return Error{tunnel.error().code, "cluster.listen: " + tunnel.error().detail};
  tunnel_ = std::move(*tunnel);
  return std::optional{tunnel_->port()};
}

} // namespace gleaner
