#pragma once

#include "app/cluster/node_pool.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/ports/tracer.hpp"
#include "core/result.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace gleaner {

/// What lets nodes join. Pointers outlive the system's actors.
struct ClusterGateDeps {
  std::shared_ptr<NodePool> pool;
  std::function<std::string()> keys; ///< As NodeLinkDeps::keys.
  std::string version;               ///< Of this program, for people.
  EventLog* log = nullptr;
  ClusterMetrics* metrics = nullptr;
  Tracer* tracer = nullptr; ///< Null: nothing is traced.
};

struct ClusterGate {
  caf::actor actor; ///< To be killed before its system goes; the links to nodes end with it.
  std::uint16_t port = 0;
};

/// Publishes the gate on `port` of this machine's loopback; 0 picks one.
/// What a node says to it is made of CAF's own types alone, which any version understands:
///   join_atom, protocol, version, name, its PageServer -> "" or why it may not join
/// Errc::usage when the port can't be had.
Result<ClusterGate> open_cluster_gate(caf::actor_system& system, std::uint16_t port,
                                      ClusterGateDeps deps);

} // namespace gleaner
