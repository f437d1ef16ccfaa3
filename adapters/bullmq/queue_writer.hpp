#pragma once

#include "adapters/bullmq/lost_takes.hpp"
#include "adapters/bullmq/scripts.hpp"
#include "core/config.hpp"
#include "core/ports/job_queue.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner::bullmq {

/// An answer of lua/counts.lua.
QueueCounts read_counts(const redis::RedisValue& answer);

/// What others have spoilt, as far as a script that takes jobs has met it.
struct FoundDamage {
  std::uint64_t ghosts = 0; ///< Ids that it took out of lists because no job is behind them.
  std::string spoilt;       ///< A key of the queue, without its base, that is something else.
};

/// A worker's operations that take jobs and move them, one script each, with progress and return
/// value as JSON text. Thread-safe; replies as those of CommandPort.
class QueueWriter {
public:
  /// `dropped` hears of ids that were dropped, on the client's thread; none: nobody does.
  QueueWriter(redis::CommandPort& client, const QueueConfig& config, std::string token_seed,
              std::function<void(const FoundDamage&)> found_damage = nullptr);

  /// Brings first what earlier takes brought in answers that were lost.
  void take(std::uint32_t count, Reply<TakeResult> reply);

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

  /// `outcome` is "completed", "failed" or "retried"; `value` what was given as value or reason.
  void was_ended(const JobId& job_id, const char* outcome, std::string value, Reply<bool> reply);

  void release(const JobLock& lock, std::chrono::milliseconds delay, Reply<Done> reply);
  /// Of this node's earlier processes; nothing when the token seed names no node.
  void recover_own(Reply<StalledJobs> reply);
  /// In as many slices as it takes, so the writer outlives the reply.
  void recover_stalled(Reply<StalledJobs> reply);
  void count_jobs(Reply<QueueCounts> reply);

private:
  /// Appends the arguments that every taking script ends with, and runs it.
  void run_taking(std::string_view script, std::vector<std::string> args, std::uint32_t count,
                  Reply<TakeResult> reply);
  void reclaim(const std::vector<LostTakes::Run>& runs, Reply<TakeResult> reply);
  void finish(const TakenJob& job, const char* outcome, std::string value, std::string progress,
              const std::optional<KeepJobs>& keep, std::int64_t default_keep, bool take_next,
              Reply<TakeResult> reply);

  void tell_of_damage(const redis::RedisValue& answer) const;
  void recover_from(std::int64_t place, StalledJobs found, Reply<StalledJobs> reply);

  ScriptRunner scripts_;
  QueueConfig config_;
  std::string token_seed_;
  std::function<void(const FoundDamage&)> found_damage_;
  std::atomic<std::uint64_t> next_token_{1};
  LostTakes lost_takes_;
};

} // namespace gleaner::bullmq
