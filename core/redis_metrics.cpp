#include "core/metrics.hpp"
#include "core/series.hpp"

#include <string>

namespace gleaner {

using namespace series;

namespace {

Counter& commands_total(Registry& registry, const char* command, const char* result) {
  return counter(registry, "gleaner_redis_commands_total",
                 "Commands to Redis, without the wait for jobs; error: refused or not answered",
                 {{"command", command}, {"result", result}});
}

} // namespace

RedisMetrics::RedisMetrics(Registry& registry)
    : reconnects(counter(registry, "gleaner_redis_reconnects_total",
                         "Connections to Redis that broke and were built up again", {})),
      stale_sockets(counter(registry, "gleaner_redis_stale_sockets_total",
                            "Connections to Redis dropped because no answer came in time", {})),
      damaged(counter(registry, "gleaner_queue_damaged_total",
                      "Answers that a key of the queue holds something else", {})) {
  for (const auto* command : {"take", "checkpoint", "finish", "budget", "other"})
    answers_.push_back({&commands_total(registry, command, "ok"),
                        &commands_total(registry, command, "error"),
                        &histogram(registry, "gleaner_redis_command_duration_seconds",
                                   "From handing a command in to its answer",
                                   {{"command", command}}, {.0005, .001, .005, .01, .1, 1})});
  for (const auto* reason :
       {"oom", "misconf", "readonly", "loading", "busy", "masterdown", "acl", "other"})
    refused_[reason] =
      &counter(registry, "gleaner_redis_refused_total",
               "Error answers of Redis by what they begin with", {{"reason", reason}});
}

void RedisMetrics::count_answer(Operation operation, double seconds, bool ok) {
  if (operation == Operation::waiting)
    return;
  const auto& answers = answers_.at(static_cast<std::size_t>(operation));
  (ok ? answers.ok : answers.error)->Increment();
  answers.duration->Observe(seconds);
}

void RedisMetrics::count_refused(std::string_view reason) {
  const auto found = refused_.find(reason);
  (found == refused_.end() ? refused_.find("other") : found)->second->Increment();
}

} // namespace gleaner
