#include "core/metrics.hpp"
#include "core/series.hpp"

namespace gleaner {

using namespace series;

RedisMetrics::RedisMetrics(Registry& registry)
    : reconnects(counter(registry, "gleaner_redis_reconnects_total",
                         "Connections to Redis that broke and were built up again", {})),
      stale_sockets(counter(registry, "gleaner_redis_stale_sockets_total",
                            "Connections to Redis dropped because no answer came in time", {})),
      damaged(counter(registry, "gleaner_queue_damaged_total",
                      "Answers that a key of the queue holds something else", {})) {
  for (const auto* reason :
       {"oom", "misconf", "readonly", "loading", "busy", "masterdown", "acl", "other"})
    refused_[reason] =
      &counter(registry, "gleaner_redis_refused_total",
               "Error answers of Redis by what they begin with", {{"reason", reason}});
}

void RedisMetrics::count_refused(std::string_view reason) {
  const auto found = refused_.find(reason);
  (found == refused_.end() ? refused_.find("other") : found)->second->Increment();
}

} // namespace gleaner
