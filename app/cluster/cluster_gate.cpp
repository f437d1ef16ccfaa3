#include "app/cluster/cluster_gate.hpp"

#include "actors/node_link.hpp"
#include "messages/registry.hpp"

#include <caf/atom.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace gleaner {

namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t most_nodes = 256;

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= longest_name &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.';
         });
}

/// An empty text when the node may join.
std::string why_not(const ClusterGateDeps& deps, std::uint32_t protocol, const std::string& version,
                    const std::string& name) {
  if (protocol != cluster_protocol)
    return "the coordinator is gleaner " + deps.version + " and speaks cluster protocol " +
           std::to_string(cluster_protocol) + ", the node " + version.substr(0, longest_name) +
           " speaks " + std::to_string(protocol) + ": run the same version on both";
  if (name == own_name)
    return "'here' is the coordinator itself: give the node another name";
  if (!is_name(name))
    return "a node's name is 1 to " + std::to_string(longest_name) +
           " letters, digits, '-', '_' and '.'";
  if (deps.pool->joined() >= most_nodes)
    return "the coordinator has " + std::to_string(most_nodes) + " nodes";
  return {};
}

void link_to(caf::event_based_actor* self, const ClusterGateDeps& deps, const std::string& name,
             const std::string& version, const caf::strong_actor_ptr& server) {
  const auto id = deps.pool->next_id();
  NodeLinkDeps link;
  link.server = caf::actor_cast<PageServerActor>(server);
  link.name = name;
  link.begun = [pool = deps.pool, metrics = deps.metrics, id, name,
                version](const NodeLinkActor& me) {
    pool->add(
      id, name, version,
      [me, metrics](PageOrder order) {
        metrics->sent.Increment();
        caf::anon_send(me, PageOrdered{order.number, std::move(order.key), std::move(order.request),
                                       order.send_before});
      },
      0);
  };
  link.served = [pool = deps.pool, metrics = deps.metrics, id](std::uint64_t number,
                                                               ApiAnswer answer) {
    metrics->pages.Increment();
    const bool usable = answer.transport == ApiAnswer::Transport::answered;
    (usable ? metrics->received : metrics->unusable).Increment();
    pool->served(id, number, std::move(answer));
  };
  link.slots_changed = [pool = deps.pool, id](std::uint32_t slots) { pool->resize(id, slots); };
  link.gone = [pool = deps.pool, metrics = deps.metrics, id](bool leave_taken) {
    pool->remove(id, leave_taken ? NodePool::Standing::left : NodePool::Standing::lost);
    metrics->nodes.Decrement();
    if (!leave_taken)
      metrics->nodes_lost.Increment();
  };
  link.keys = deps.keys;
  link.log = deps.log;
  link.tracer = deps.tracer;
  deps.metrics->nodes.Increment();
  self->spawn<caf::linked>(node_link, std::move(link));
}

caf::behavior gate(caf::event_based_actor* self, const ClusterGateDeps& deps) {
  self->set_exit_handler([](const caf::exit_msg&) {}); // of links
  self->set_default_handler(caf::drop);                // CAF's own would print it
  return {
    [self, deps](caf::join_atom, std::uint32_t protocol, const std::string& version,
                 const std::string& name, const caf::strong_actor_ptr& server) -> std::string {
      auto refusal = why_not(deps, protocol, version, name);
      if (refusal.empty() && !server)
        refusal = "the node names no server of pages";
      if (!refusal.empty()) {
        deps.metrics->rejects.Increment();
        deps.log->warn("cluster.node_refused", refusal, {{"node", is_name(name) ? name : "?"}});
        return refusal;
      }
      deps.log->info("cluster.node_joined", "a node has joined", {{"node", name}});
      link_to(self, deps, name, version.substr(0, longest_name), server);
      return {};
    },
  };
}

} // namespace

Result<ClusterGate> open_cluster_gate(caf::actor_system& system, std::uint16_t port,
                                      ClusterGateDeps deps) {
  deps.metrics->nodes.Set(0);
  auto actor = system.spawn(gate, std::move(deps));
  const auto published = system.middleman().publish(actor, port, "127.0.0.1", true);
  if (published)
    return ClusterGate{std::move(actor), *published};
  caf::anon_send_exit(actor, caf::exit_reason::kill);
  return Error{Errc::usage, "cluster.listen: can't listen on 127.0.0.1:" + std::to_string(port) +
                              ": " + system.render(published.error())};
}

} // namespace gleaner
