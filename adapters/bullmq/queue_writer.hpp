#pragma once

#include "adapters/bullmq/scripts.hpp"
#include "core/config.hpp"
#include "core/ports/job_queue.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gleaner::bullmq {

/// An answer of lua/counts.lua.
QueueCounts read_counts(const redis::RedisValue& answer);

/// A worker's operations on a queue, one script each, with progress and return value as JSON text:
/// what JobQueue is made of. Thread-safe; replies as those of RedisClient.
class QueueWriter {
public:
  QueueWriter(redis::CommandPort& client, const QueueConfig& config, std::string token_seed);

  void take(std::uint32_t count, Reply<TakeResult> reply);
  void renew(const std::vector<JobLock>& locks, Reply<std::vector<JobId>> reply);
  void report_progress(const JobLock& lock, std::string progress, Reply<Done> reply);
  void add_log(const JobLock& lock, const std::string& row, Reply<Done> reply);

  /// `progress` may be empty; `return_value` must be JSON: listeners stop for good on other text.
  void complete(const TakenJob& job, std::string return_value, std::string progress, bool take_next,
                Reply<TakeResult> reply);
  void fail(const TakenJob& job, std::string reason, std::string progress, bool take_next,
            Reply<TakeResult> reply);
  /// Delay 0: back to waiting at once.
  void retry(const TakenJob& job, std::string reason, std::chrono::milliseconds delay,
             std::string progress, bool take_next, Reply<TakeResult> reply);

  /// Lets the job wait for its unfinished children; false when there are none.
  void park(const JobLock& lock, Reply<bool> reply);

  void release(const JobLock& lock, Reply<Done> reply);
  /// In as many slices as it takes, so the writer outlives the reply.
  void recover_stalled(Reply<StalledJobs> reply);
  void count_jobs(Reply<QueueCounts> reply);

private:
  /// Arguments that every taking script ends with.
  void append_taking(std::vector<std::string>& args, std::uint32_t count);
  void finish(const TakenJob& job, const char* outcome, std::string value, std::string progress,
              const std::optional<KeepJobs>& keep, std::int64_t default_keep, bool take_next,
              Reply<TakeResult> reply);

  void recover_from(std::int64_t place, StalledJobs found, Reply<StalledJobs> reply);

  ScriptRunner scripts_;
  QueueConfig config_;
  std::string token_seed_;
  std::atomic<std::uint64_t> next_token_{1};
};

} // namespace gleaner::bullmq
