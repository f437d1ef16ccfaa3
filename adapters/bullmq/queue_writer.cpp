#include "adapters/bullmq/queue_writer.hpp"

#include "adapters/bullmq/job_codec.hpp"
#include "adapters/bullmq/script_answer.hpp"

#include <cstddef>
#include <iterator>
#include <utility>

namespace gleaner::bullmq {

namespace {

using redis::RedisValue;

void append(std::vector<JobId>& ids, std::vector<JobId> more) {
  ids.insert(ids.end(), std::move_iterator{more.begin()}, std::move_iterator{more.end()});
}

std::string text_of(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : std::string{};
}

/// How tokens of a node begin, made of a seed "gl1:<node>:..."; empty when it names none.
std::string node_prefix(const std::string& token_seed) {
  const auto end = token_seed.starts_with("gl1:") ? token_seed.find(':', 4) : std::string::npos;
  return end == std::string::npos ? std::string{} : token_seed.substr(0, end + 1);
}

} // namespace

QueueCounts read_counts(const RedisValue& value) {
  QueueCounts counts;
  if (value.items.size() < 14)
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
  counts.schedule_overdue_ms = value.items[9].integer;
  counts.rate_limit_ttl_ms = value.items[10].integer;
  counts.in_paused_list = at(11);
  counts.charted_completed = at(12);
  counts.charted_failed = at(13);
  return counts;
}

QueueWriter::QueueWriter(redis::CommandPort& client, const QueueConfig& config,
                         std::string token_seed,
                         std::function<void(const FoundDamage&)> found_damage)
    : scripts_(client, QueueKeys{config.prefix, config.name}), config_(config),
      token_seed_(std::move(token_seed)), found_damage_(std::move(found_damage)) {}

/// The scripts tell of it behind what they were asked for.
void QueueWriter::tell_of_damage(const RedisValue& answer) const {
  constexpr std::size_t ghosts = 3, spoilt = 4;
  if (!found_damage_ || answer.items.size() <= spoilt)
    return;
  const FoundDamage found{static_cast<std::uint64_t>(answer.items[ghosts].integer),
                          answer.items[spoilt].text};
  if (found.ghosts > 0 || !found.spoilt.empty())
    found_damage_(found);
}

void QueueWriter::run_taking(std::string_view script, std::vector<std::string> args,
                             std::uint32_t count, Reply<TakeResult> reply) {
  const auto first_token = next_token_.fetch_add(count);
  args.push_back(std::to_string(count));
  args.push_back(token_seed_);
  args.push_back(std::to_string(first_token));
  args.push_back(std::to_string(config_.lock_duration.count()));
  args.push_back(config_.worker_name);
  for (const auto& [starts, period] : config_.limiter) {
    args.push_back(std::to_string(starts));
    args.push_back(std::to_string(period.count()));
  }
  auto remember = [this, first_token, count, reply = std::move(reply)](Result<TakeResult> result) {
    if (!result && result.error().code == Errc::redis_unavailable)
      lost_takes_.add(first_token, count);
    reply(std::move(result));
  };
  const auto read = [this](const RedisValue& answer) {
    tell_of_damage(answer);
    return read_take(answer);
  };
  scripts_.run(script, std::move(args), reading(Reply<TakeResult>{std::move(remember)}, read));
}

void QueueWriter::take(std::uint32_t count, Reply<TakeResult> reply) {
  const auto lost = lost_takes_.take();
  if (lost.empty())
    return run_taking("take", {}, count, std::move(reply));
  reclaim(lost, [this, count, reply = std::move(reply)](Result<TakeResult> found) {
    if (!found || found->jobs.size() >= count)
      return reply(std::move(found));
    const auto missing = count - static_cast<std::uint32_t>(found->jobs.size());
    run_taking("take", {}, missing, [found = std::move(*found), reply](Result<TakeResult> taken) {
      if (!taken)
        return found.jobs.empty() ? reply(std::move(taken)) : reply(found);
      taken->jobs.insert(taken->jobs.begin(), found.jobs.begin(), found.jobs.end());
      reply(std::move(taken));
    });
  });
}

void QueueWriter::reclaim(const std::vector<LostTakes::Run>& runs, Reply<TakeResult> reply) {
  std::vector<std::string> args{std::to_string(config_.lock_duration.count()), token_seed_};
  for (const auto& [first, last] : runs) {
    args.push_back(std::to_string(first));
    args.push_back(std::to_string(last));
  }
  auto keep = [this, runs, reply = std::move(reply)](Result<TakeResult> found) {
    if (!found)
      for (const auto& [first, last] : runs)
        lost_takes_.add(first, last - first + 1);
    reply(std::move(found));
  };
  scripts_.run("reclaim", std::move(args), reading(Reply<TakeResult>{std::move(keep)}, read_take));
}

void QueueWriter::finish(const TakenJob& job, const char* outcome, std::string value,
                         std::string progress, const std::optional<KeepJobs>& keep,
                         std::int64_t default_keep, bool take_next, Reply<TakeResult> reply) {
  auto kept = keep.value_or(KeepJobs{});
  if (!keep && default_keep >= 0)
    kept.count = default_keep;
  auto args = arguments(job.lock.job_id, job.lock.token, outcome, std::move(value),
                        std::move(progress), text_of(kept.count), text_of(kept.age_seconds),
                        text_of(kept.limit), std::to_string(job.retry.attempts),
                        text_of(job.stack_trace_limit), std::to_string(config_.metrics_points));
  run_taking("finish", std::move(args), take_next ? 1 : 0, std::move(reply));
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
  auto args = arguments(job.lock.job_id, job.lock.token, std::to_string(delay.count()),
                        std::move(reason), std::move(progress), text_of(job.stack_trace_limit));
  run_taking("retry", std::move(args), take_next ? 1 : 0, std::move(reply));
}

void QueueWriter::park(const JobLock& lock, Reply<bool> reply) {
  scripts_.run(
    "park", {lock.job_id, lock.token},
    reading(std::move(reply), [](const RedisValue& value) { return value.integer == 0; }));
}

void QueueWriter::was_ended(const JobId& job_id, const char* outcome, std::string value,
                            Reply<bool> reply) {
  scripts_.run(
    "was_ended", {job_id, outcome, std::move(value)},
    reading(std::move(reply), [](const RedisValue& answer) { return answer.integer == 1; }));
}

void QueueWriter::release(const JobLock& lock, std::chrono::milliseconds delay, Reply<Done> reply) {
  scripts_.run("release", {lock.job_id, lock.token, std::to_string(delay.count())},
               done(std::move(reply)));
}

void QueueWriter::recover_own(Reply<StalledJobs> reply) {
  const auto node = node_prefix(token_seed_);
  if (node.empty())
    return reply(StalledJobs{});
  scripts_.run("orphan", {node, token_seed_ + ':'},
               [this, reply = std::move(reply)](Result<RedisValue> found) {
                 if (!found)
                   reply(found.error());
                 else if (found->integer == 0)
                   reply(StalledJobs{});
                 else
                   recover_from(0, {}, reply);
               });
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
    tell_of_damage(*answer);
    append(found.requeued, read_ids(answer->items[0]));
    append(found.failed, read_ids(answer->items[1]));
    const auto next = answer->items[2].integer;
    next < 0 ? reply(std::move(found)) : recover_from(next, std::move(found), std::move(reply));
  };
  scripts_.run("stalled",
               {std::to_string(config_.stalled_interval.count()),
                std::to_string(config_.max_stalled_count), std::to_string(config_.metrics_points),
                config_.keep_failed >= 0 ? std::to_string(config_.keep_failed) : std::string{},
                std::to_string(place), std::to_string(config_.lock_duration.count())},
               std::move(go_on));
}

void QueueWriter::count_jobs(Reply<QueueCounts> reply) {
  scripts_.run("counts", {}, reading(std::move(reply), read_counts));
}

} // namespace gleaner::bullmq
