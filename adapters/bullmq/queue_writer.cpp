#include "adapters/bullmq/queue_writer.hpp"

#include "adapters/bullmq/job_codec.hpp"

#include <iterator>
#include <utility>

namespace gleaner::bullmq {

namespace {

using redis::RedisValue;

/// BullMQ's error codes, as the scripts return them.
std::optional<Error> refusal_in(const RedisValue& value) {
  if (value.kind != RedisValue::Kind::integer || value.integer >= 0)
    return std::nullopt;
  switch (value.integer) {
  case -1:
    return Error{Errc::job_missing, "the job is gone"};
  case -2:
    return Error{Errc::lock_lost, "the job's lock is gone"};
  case -3:
    return Error{Errc::job_not_active, "the job is not active"};
  case -4:
    return Error{Errc::job_has_children, "the job has unfinished children"};
  case -6:
    return Error{Errc::lock_lost, "another worker holds the job's lock"};
  case -9:
    return Error{Errc::job_children_failed, "a child of the job failed"};
  default:
    return Error{Errc::internal, "script answered " + std::to_string(value.integer)};
  }
}

/// Turns a script's answer into a T by `read`, an error answer into its Error.
template <class T, class Read>
redis::RedisReply reading(Reply<T> reply, Read read) {
  return [reply = std::move(reply), read](Result<RedisValue> value) {
    if (!value)
      return reply(value.error());
    if (auto refusal = refusal_in(*value))
      return reply(std::move(*refusal));
    reply(read(*value));
  };
}

redis::RedisReply done(Reply<Done> reply) {
  return reading(std::move(reply), [](const RedisValue&) { return Done{}; });
}

std::vector<JobId> read_ids(const RedisValue& value) {
  std::vector<JobId> ids;
  for (const auto& item : value.items)
    ids.push_back(item.text);
  return ids;
}

void append(std::vector<JobId>& ids, std::vector<JobId> more) {
  ids.insert(ids.end(), std::move_iterator{more.begin()}, std::move_iterator{more.end()});
}

std::string text_of(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : std::string{};
}

} // namespace

QueueCounts read_counts(const RedisValue& value) {
  QueueCounts counts;
  if (value.items.size() < 9)
    return counts;
  const auto at = [&](std::size_t i) { return static_cast<std::uint64_t>(value.items[i].integer); };
  counts.waiting = at(0);
  counts.prioritized = at(1);
  counts.delayed = at(2);
  counts.active = at(3);
  counts.waiting_children = at(4);
  counts.completed = at(5);
  counts.failed = at(6);
  counts.paused = at(7) != 0;
  if (value.items[8].integer >= 0)
    counts.oldest_waiting_age_ms = value.items[8].integer;
  return counts;
}

QueueWriter::QueueWriter(redis::CommandPort& client, const QueueConfig& config,
                         std::string token_seed)
    : scripts_(client, QueueKeys{config.prefix, config.name}), config_(config),
      token_seed_(std::move(token_seed)) {}

void QueueWriter::append_taking(std::vector<std::string>& args, std::uint32_t count) {
  args.push_back(std::to_string(count));
  args.push_back(token_seed_);
  args.push_back(std::to_string(next_token_.fetch_add(count)));
  args.push_back(std::to_string(config_.lock_duration.count()));
  args.push_back(config_.worker_name);
  for (const auto& [starts, period] : config_.limiter) {
    args.push_back(std::to_string(starts));
    args.push_back(std::to_string(period.count()));
  }
}

void QueueWriter::take(std::uint32_t count, Reply<TakeResult> reply) {
  std::vector<std::string> args;
  append_taking(args, count);
  scripts_.run("take", std::move(args), reading(std::move(reply), read_take));
}

void QueueWriter::renew(const std::vector<JobLock>& locks, Reply<std::vector<JobId>> reply) {
  std::vector<std::string> args{std::to_string(config_.lock_duration.count())};
  for (const auto& lock : locks) {
    args.push_back(lock.job_id);
    args.push_back(lock.token);
  }
  scripts_.run("renew", std::move(args), reading(std::move(reply), read_ids));
}

void QueueWriter::report_progress(const JobLock& lock, std::string progress, Reply<Done> reply) {
  scripts_.run("progress", {lock.job_id, lock.token, std::move(progress)}, done(std::move(reply)));
}

void QueueWriter::add_log(const JobLock& lock, const std::string& row, Reply<Done> reply) {
  scripts_.run("log", {lock.job_id, lock.token, row}, done(std::move(reply)));
}

void QueueWriter::finish(const TakenJob& job, const char* outcome, std::string value,
                         std::string progress, const std::optional<KeepJobs>& keep,
                         std::int64_t default_keep, bool take_next, Reply<TakeResult> reply) {
  auto kept = keep.value_or(KeepJobs{});
  if (!keep && default_keep >= 0)
    kept.count = default_keep;
  std::vector<std::string> args{job.lock.job_id,
                                job.lock.token,
                                outcome,
                                std::move(value),
                                std::move(progress),
                                text_of(kept.count),
                                text_of(kept.age_seconds),
                                text_of(kept.limit),
                                std::to_string(job.retry.attempts),
                                text_of(job.stack_trace_limit),
                                std::to_string(config_.metrics_points)};
  append_taking(args, take_next ? 1 : 0);
  scripts_.run("finish", std::move(args), reading(std::move(reply), read_take));
}

void QueueWriter::complete(const TakenJob& job, std::string return_value, std::string progress,
                           bool take_next, Reply<TakeResult> reply) {
  finish(job, "completed", std::move(return_value), std::move(progress), job.keep_completed,
         config_.keep_completed, take_next, std::move(reply));
}

void QueueWriter::fail(const TakenJob& job, std::string reason, std::string progress,
                       bool take_next, Reply<TakeResult> reply) {
  finish(job, "failed", std::move(reason), std::move(progress), job.keep_failed,
         config_.keep_failed, take_next, std::move(reply));
}

void QueueWriter::retry(const TakenJob& job, std::string reason, std::chrono::milliseconds delay,
                        std::string progress, bool take_next, Reply<TakeResult> reply) {
  std::vector<std::string> args{
    job.lock.job_id,   job.lock.token,      std::to_string(delay.count()),
    std::move(reason), std::move(progress), text_of(job.stack_trace_limit)};
  append_taking(args, take_next ? 1 : 0);
  scripts_.run("retry", std::move(args), reading(std::move(reply), read_take));
}

void QueueWriter::park(const JobLock& lock, Reply<bool> reply) {
  scripts_.run(
    "park", {lock.job_id, lock.token},
    reading(std::move(reply), [](const RedisValue& value) { return value.integer == 0; }));
}

void QueueWriter::release(const JobLock& lock, Reply<Done> reply) {
  scripts_.run("release", {lock.job_id, lock.token}, done(std::move(reply)));
}

void QueueWriter::recover_stalled(Reply<StalledJobs> reply) {
  recover_from(-1, {}, std::move(reply));
}

void QueueWriter::recover_from(std::int64_t place, StalledJobs found, Reply<StalledJobs> reply) {
  auto go_on = [this, found = std::move(found),
                reply = std::move(reply)](Result<RedisValue> answer) mutable {
    if (!answer)
      return reply(answer.error());
    if (answer->items.size() < 3)
      return reply(std::move(found));
    append(found.requeued, read_ids(answer->items[0]));
    append(found.failed, read_ids(answer->items[1]));
    const auto next = answer->items[2].integer;
    next < 0 ? reply(std::move(found)) : recover_from(next, std::move(found), std::move(reply));
  };
  scripts_.run("stalled",
               {std::to_string(config_.stalled_interval.count()),
                std::to_string(config_.max_stalled_count), std::to_string(config_.metrics_points),
                config_.keep_failed >= 0 ? std::to_string(config_.keep_failed) : std::string{},
                std::to_string(place)},
               std::move(go_on));
}

void QueueWriter::count_jobs(Reply<QueueCounts> reply) {
  scripts_.run("counts", {}, reading(std::move(reply), read_counts));
}

} // namespace gleaner::bullmq
