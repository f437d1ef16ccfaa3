#pragma once

#include "core/job.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace gleaner {

/// Receives one answer, on the queue's I/O thread; must not block or throw.
template <class T>
using Reply = std::function<void(Result<T>)>;

/// A queue of jobs that worker processes share: take, hold, report, end.
/// Calls return at once and are carried out in the order in which they were made; each reply comes
/// exactly once, also when the connection breaks (Errc::redis_unavailable: the call may or may not
/// have been carried out). Safe to call from any thread. Time is the queue's own clock.
class JobQueue {
public:
  virtual ~JobQueue() = default;

  /// Takes up to `count` jobs; each gets a lock with a token of its own.
  virtual void take(std::uint32_t count, Reply<TakeResult> reply) = 0;

  /// Replies when there may be work, or after `timeout`. At most one call at a time.
  virtual void wait_for_work(std::chrono::milliseconds timeout, Reply<Done> reply) = 0;

  /// Makes a wait in progress reply at once.
  virtual void stop_waiting() = 0;

  /// Extends the locks; replies with the jobs whose lock is lost.
  virtual void renew(std::vector<JobLock> locks, Reply<std::vector<JobId>> reply) = 0;

  /// Writes progress and emits the event if the lock is still held; Errc::lock_lost or
  /// job_missing otherwise.
  virtual void report_progress(const JobLock& lock, const Progress& progress,
                               Reply<Done> reply) = 0;

  /// Appends a row to the job's log under the same condition.
  virtual void add_log(const JobLock& lock, const std::string& row, Reply<Done> reply) = 0;

  /// Ends the try under the same condition and, if asked, takes the next job in the same step.
  virtual void end(const TakenJob& job, const JobEnd& end, bool take_next,
                   Reply<TakeResult> reply) = 0;

  /// Puts a held job back to the front of the waiting jobs; the attempt is not counted.
  virtual void release(const JobLock& lock, Reply<Done> reply) = 0;

  /// Returns jobs of dead workers to waiting, or fails those that stalled too often.
  virtual void recover_stalled(Reply<StalledJobs> reply) = 0;

  virtual void count_jobs(Reply<QueueCounts> reply) = 0;
};

} // namespace gleaner
