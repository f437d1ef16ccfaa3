#include "app/redis_report.hpp"

#include "adapters/redis/redis_error.hpp"

#include <utility>

namespace gleaner {

RedisReport::RedisReport(RedisMetrics& metrics, EventLog& log, Clock now)
    : metrics_(metrics), log_(log), now_(std::move(now)) {
  for (const auto reason : redis::refusal_reasons)
    refusals_.try_emplace(reason);
}

/// A key of another type is no refusal: whoever asked tells of it as queue.damaged.
void RedisReport::refused(const Error& error) {
  if (redis::says(error.detail, "WRONGTYPE"))
    return metrics_.damaged.Increment();
  const auto reason = redis::refusal_reason(error);
  metrics_.count_refused(reason);
  if (!refusals_.at(reason).due(now_()))
    return;
  const bool denied = error.code == Errc::redis_denied;
  log_.warn(denied ? "redis.denied" : "redis.refuses",
            denied ? "Redis refuses the login or a right; see the manual's ACL"
                   : "Redis refuses commands; they are tried again",
            {{"reason", reason}, {"err", describe(error)}});
}

void RedisReport::reconnected() {
  metrics_.reconnects.Increment();
}

void RedisReport::went_stale() {
  metrics_.stale_sockets.Increment();
  if (stale_.due(now_()))
    log_.warn("redis.stale_socket", "no answer in time: dropped the connection to Redis");
}

} // namespace gleaner
