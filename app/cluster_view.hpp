#pragma once

#include "adapters/redis/command_port.hpp"
#include "app/cluster_keys.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace gleaner {

/// A node as one coordinator sees it.
struct NodeView {
  std::string name;
  std::string version;
  std::uint64_t slots = 0;
  std::uint64_t busy = 0;
  std::uint64_t pages = 0; ///< Answers since it joined.
  bool drained = false;
  std::string standing; ///< joined, left (it had said so) or lost.

  bool is_there() const { return standing == "joined"; }
};

/// What a coordinator told of itself a few seconds ago.
struct CoordinatorView {
  std::string id;
  std::string version;
  std::string address;
  std::string certificate_ends; ///< ISO time; empty: without TLS.
  std::vector<NodeView> nodes;  ///< "here" is the coordinator itself; those that went come last.
};

struct ClusterView {
  std::vector<CoordinatorView> coordinators; ///< By address.
  std::set<std::string> drained;             ///< Names of nodes, there or not.
  std::vector<std::string> gone;             ///< Ids of coordinators that were killed.
};

/// A node over all coordinators that it serves.
struct NodeTotals {
  NodeView sum;
  std::uint64_t coordinators = 0;
};

/// What the coordinators of a queue have told. Changes nothing; blocks.
Result<ClusterView> read_cluster(redis::CommandPort& redis, const ClusterKeys& keys);

/// Takes those that are gone off the list of coordinators.
void forget_gone(redis::CommandPort& redis, const ClusterKeys& keys, const ClusterView& view);

/// All nodes by name, also those that are drained and not there.
std::vector<NodeTotals> nodes_of(const ClusterView& view);

/// In a word or two, for people: ready, draining, drained, no room, or how it went.
std::string state_of(const NodeView& node);

} // namespace gleaner
