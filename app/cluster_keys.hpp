#pragma once

#include "adapters/bullmq/queue_keys.hpp"

#include <string>

namespace gleaner {

/// Names of the keys in Redis by which a cluster is looked at and steered. They are beside those of
/// the queue that its coordinators work on.
struct ClusterKeys {
  bullmq::QueueKeys queue;

  /// Set of the ids of coordinators that were there lately.
  std::string coordinators() const { return queue.key("gleaner:coordinators"); }
  /// What one tells of itself, as JSON; goes when the coordinator has gone.
  std::string coordinator(const std::string& id) const {
    return queue.key("gleaner:coordinator:" + id);
  }
  /// Set of the names of nodes that get no pages.
  std::string drained() const { return queue.key("gleaner:drained-nodes"); }
};

} // namespace gleaner
