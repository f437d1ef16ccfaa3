#include "app/redis_report.hpp"

#include "adapters/budget/redis_budget.hpp"
#include "adapters/bullmq/scripts.hpp"
#include "adapters/redis/redis_error.hpp"

#include <utility>

namespace gleaner {

RedisReport::RedisReport(RedisMetrics& metrics, EventLog& log, Clock now)
    : metrics_(metrics), log_(log), now_(std::move(now)) {
  for (const auto reason : redis::refusal_reasons)
    refusals_.try_emplace(reason);
}

/// By what takes time: the scripts that every job needs, the budget's (which sends its text along),
/// and all else but what waits for jobs, which is meant to take long.
std::size_t RedisReport::operation_of(std::span<const std::string> words) {
  using Operation = RedisMetrics::Operation;
  static const auto &take = bullmq::script("take").sha,
                    &checkpoint = bullmq::script("checkpoint").sha,
                    &finish = bullmq::script("finish").sha;
  auto which = Operation::other;
  if (words[0] == "BZPOPMIN")
    which = Operation::waiting;
  else if (words[0] == "EVAL" && words.size() > 3 && words[3].starts_with(budget::state_prefix))
    which = Operation::budget;
  else if (words[0] == "EVALSHA")
    which = words[1] == take         ? Operation::take
            : words[1] == checkpoint ? Operation::checkpoint
            : words[1] == finish     ? Operation::finish
                                     : Operation::other;
  return static_cast<std::size_t>(which);
}

void RedisReport::answered(std::size_t operation, std::chrono::duration<double> took, bool ok) {
  metrics_.count_answer(static_cast<RedisMetrics::Operation>(operation), took.count(), ok);
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
