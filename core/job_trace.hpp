#pragma once

#include "core/job.hpp"
#include "core/ports/tracer.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace gleaner {

/// What the traces of a worker's jobs have in common.
struct JobTracing {
  Tracer* tracer = nullptr; ///< Null: nothing is traced; outlives the jobs.
  std::string queue;
  std::string client_id; ///< Tells this worker from others.
};

/// A job that was created longer ago than this, or by a schedule that was, is linked to what queued
/// it instead of being a part of that trace, which nobody would wait for.
inline constexpr std::chrono::hours longest_wait_in_trace{1};

/// The spans that one try of a job has as a whole: its take, its work and its end. The parts of the
/// work are children of context().
class JobTrace {
public:
  using Time = std::chrono::steady_clock::time_point;

  /// Records the span of the take, which was asked for at `asked_at`. Null when the job is not
  /// traced. `domain` has been checked, or is empty. `with` outlives it.
  static std::unique_ptr<JobTrace> begin(const JobTracing& with, const TakenJob& job,
                                         const std::string& domain, Time asked_at, Time now);

  const TraceContext& context() const noexcept { return process_.context; }

  /// The try has failed: the name of an error class.
  void fail(std::string_view why) { process_.error = why; }

  /// The queue is told how it ends: "complete", "fail", "retry" or "release".
  void settle(std::string_view how, Time now);

  /// That is over, for good: records what is open. `error`: the queue took no end; empty: it did.
  void end(Time now, std::string_view error);

private:
  JobTrace(const JobTracing& with, const TakenJob& job, Time now);
  Span about(const TakenJob& job, std::string_view operation, SpanKind kind) const;

  const JobTracing& with_;
  Span process_;
  Span settle_; ///< Its context is empty until it begins.
};

} // namespace gleaner
