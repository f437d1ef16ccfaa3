#pragma once

#include <string>
#include <string_view>

namespace gleaner::bullmq {

/// Names of a queue's keys and connections in Redis.
struct QueueKeys {
  std::string prefix; ///< "bull"
  std::string queue;  ///< "domain-collection"

  /// "bull:domain-collection:", which every key of the queue starts with.
  std::string base() const { return prefix + ':' + queue + ':'; }
  std::string key(std::string_view suffix) const { return base().append(suffix); }
};

} // namespace gleaner::bullmq
