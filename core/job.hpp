#pragma once

#include "core/failure_reason.hpp"
#include "core/trace_context.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gleaner {

using JobId = std::string;

constexpr std::int64_t lowest_priority = 2097152; ///< 2^21: BullMQ takes 0 to this.

/// A held job: its id and the token that was written into its lock when it was taken.
/// Every write for the job names both, so a worker that lost the lock changes nothing.
struct JobLock {
  JobId job_id;
  std::string token;
};

/// An answer to a renewal.
struct Renewal {
  std::vector<JobId> lost;
  std::int64_t now_ms = 0; ///< The queue's clock.
};

enum class BackoffKind : std::uint8_t { none, fixed, exponential, unknown };

/// How a failed job is tried again; BullMQ's `attempts` and `backoff` options.
struct RetryPolicy {
  std::uint32_t attempts = 0; ///< Total tries; 0 and 1 both mean a single one.
  BackoffKind kind = BackoffKind::none;
  std::chrono::milliseconds delay{0};
  double jitter = 0.0;   ///< 0..1, the share of the delay that is random (BullMQ >= 5.54).
  std::string kind_name; ///< As the producer wrote it, for the error text of an unknown kind.
};

/// BullMQ's removeOnComplete / removeOnFail after its forms have been resolved.
/// count 0 removes at once, no count and no age keeps for ever.
struct KeepJobs {
  std::optional<std::int64_t> count;
  std::optional<std::int64_t> age_seconds;
  std::optional<std::int64_t> limit; ///< Most jobs that one call prunes by age.
};

/// A job as it was taken from the queue.
struct TakenJob {
  JobLock lock;
  std::string name;
  std::string scheduler; ///< The job scheduler that made it; empty: none.
  /// `data.domain` exactly as the producer wrote it; empty when `refusal` is set.
  std::string domain;
  std::string key_name; ///< `data.keyName`: the API key that the producer chose; empty: none.
  std::string tenant;   ///< `data.tenant`: whose job it is; empty: nobody's.
  bool refresh = false; ///< `data.refresh`: ask the API even if a recent collection is there.
  /// Why the job can't be collected (bad data, deferred failure); it fails without being tried.
  std::optional<std::string> refusal;
  FailureReason refusal_reason = FailureReason::bad_data;
  std::uint32_t attempts_made = 0; ///< Before this try.
  bool options_readable = true;    ///< False: they are no JSON object, and the defaults hold.
  RetryPolicy retry;
  std::optional<KeepJobs> keep_completed; ///< Unset: the worker's own setting applies.
  std::optional<KeepJobs> keep_failed;
  std::optional<std::int64_t> stack_trace_limit;
  std::int64_t timestamp_ms = 0;    ///< Creation, ms since the epoch.
  std::int64_t processed_on_ms = 0; ///< This take, ms since the epoch by Redis's clock.
  std::uint32_t ledger_pages = 0;   ///< Pages that earlier tries have kept.
  bool start_shown = false;         ///< The take has shown the progress `starting`.
  std::uint32_t priority = 0;       ///< BullMQ's: 0 is none and comes first, then 1, 2 ...
  TraceContext trace{};             ///< Of the span that queued it; empty: none that is to go on.
};

/// What one call to take jobs brought.
struct TakeResult {
  std::vector<TakenJob> jobs;
  /// When set, no take will succeed before this much time has passed.
  std::optional<std::chrono::milliseconds> rate_limited_for;
  /// When the next delayed job is due, ms from now by Redis's clock.
  std::optional<std::chrono::milliseconds> next_delayed_in;
};

/// Jobs by state, as BullMQ's getJobCounts names them.
struct QueueCounts {
  std::uint64_t waiting = 0;
  std::uint64_t prioritized = 0;
  std::uint64_t delayed = 0;
  std::uint64_t active = 0;
  std::uint64_t waiting_children = 0;
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  bool paused = false;
  std::optional<std::int64_t> oldest_waiting_age_ms;
  std::int64_t schedule_overdue_ms =
    0;                                ///< Of the schedule whose next job should have started first.
  std::int64_t rate_limit_ttl_ms = 0; ///< The queue's limit holds takes up for so long.
  std::uint64_t in_paused_list = 0;   ///< Of the waiting ones.
  std::uint64_t charted_completed = 0; ///< As BullMQ's metrics count them, if a worker keeps those.
  std::uint64_t charted_failed = 0;    ///< Likewise.
};

/// What the stalled check did.
struct StalledJobs {
  std::vector<JobId> requeued;
  std::vector<JobId> failed;
};

/// Who may collect a domain, where only one job at a time shall.
enum class DomainClaim : std::uint8_t {
  busy,  ///< Another job does.
  first, ///< This one, and nobody has lately.
  next   ///< This one, after another that has ended in the meantime.
};

/// What belonged to nothing in the queue and was put right.
struct Reconciliation {
  std::uint64_t jobs = 0;          ///< Were in no structure; wait again.
  std::uint64_t finished_jobs = 0; ///< Likewise; are among the completed or failed ones again.
  std::uint64_t ledgers = 0;       ///< Removed: their jobs are gone.
  std::uint64_t locks = 0;         ///< Likewise.
  std::uint64_t ghosts = 0;        ///< Ids without a job, taken out of a structure.
};

} // namespace gleaner
