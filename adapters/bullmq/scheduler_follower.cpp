#include "adapters/bullmq/scheduler_follower.hpp"

#include "adapters/bullmq/iteration.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

namespace gleaner::bullmq {

namespace {

using redis::RedisValue;

std::optional<std::string> field_at(const RedisValue& list, std::size_t place) {
  if (place >= list.items.size() || list.items[place].is_nil())
    return std::nullopt;
  return list.items[place].text;
}

SchedulerRecord read_record(const RedisValue& fields) {
  SchedulerRecord record;
  record.name = field_at(fields, 0);
  record.data = field_at(fields, 1);
  record.every = field_at(fields, 2);
  record.offset = field_at(fields, 3);
  record.count = field_at(fields, 4);
  if (const auto due = field_at(fields, 5))
    record.at_ms = static_cast<std::int64_t>( // a score, which may be infinite
      std::clamp(std::strtod(due->c_str(), nullptr), -9e15, 9e15));
  return record;
}

} // namespace

void SchedulerFollower::follow(const TakenJob& job) {
  if (job.scheduler.empty())
    return;
  scripts_.run("schedule", {job.scheduler, job.lock.job_id},
               [this, job](const Result<RedisValue>& answer) {
                 if (answer)
                   go_on(job, *answer);
                 else
                   complain(job.scheduler, answer.error());
               });
}

void SchedulerFollower::go_on(const TakenJob& job, const RedisValue& fields) {
  const SchedulerJob latest{job.scheduler, job.name, field_at(fields, 6).value_or(""),
                            field_at(fields, 7).value_or("")};
  const auto next = next_iteration(read_record(fields), latest, job.processed_on_ms);
  if (!next)
    return complain(job.scheduler, next.error());
  if (!*next)
    return;
  const auto& [scheduler, previous_ms, next_ms, name, data, opts, priority] = **next;
  scripts_.run("iterate",
               {scheduler, job.lock.job_id, std::to_string(previous_ms), std::to_string(next_ms),
                name, data, opts, std::to_string(priority)},
               [this, scheduler = job.scheduler](const Result<RedisValue>& done) {
                 if (!done)
                   complain(scheduler, done.error());
               });
}

void SchedulerFollower::complain(const std::string& scheduler, const Error& error) {
  constexpr std::size_t most_remembered = 1000;
  if (complained_.size() < most_remembered && complained_.insert(scheduler).second)
    log_.warn("scheduler.stuck", "a job scheduler has no next job",
              {{"scheduler", scheduler}, {"err", describe(error)}});
}

} // namespace gleaner::bullmq
