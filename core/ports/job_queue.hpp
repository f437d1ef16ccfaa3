#pragma once

#include "core/job.hpp"
#include "core/ledger.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
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
/// A lock that ran out is still its owner's as long as nobody has put the job back.
class JobQueue {
public:
  virtual ~JobQueue() = default;

  /// Takes up to `count` jobs; each gets a lock with a token of its own.
  virtual void take(std::uint32_t count, Reply<TakeResult> reply) = 0;

  /// Replies when there may be work, or after `timeout`. At most one call at a time.
  virtual void wait_for_work(std::chrono::milliseconds timeout, Reply<Done> reply) = 0;

  /// Makes a wait in progress reply at once.
  virtual void stop_waiting() = 0;

  /// Extends the locks.
  virtual void renew(std::vector<JobLock> locks, Reply<Renewal> reply) = 0;

  /// Writes progress and emits the event if the lock is still held; Errc::lock_lost or
  /// job_missing otherwise.
  virtual void report_progress(const JobLock& lock, const Progress& progress,
                               Reply<Done> reply) = 0;

  /// Keeps a finished page in the job's ledger, extends the lock and reports what there is of
  /// progress, the newest last, in one step and under the same condition. `identity` tells the job
  /// from others with its id; a ledger of another identity is replaced. Replies with the time by
  /// the queue's clock, in ms. May be repeated.
  virtual void checkpoint(const JobLock& lock, const std::string& identity, const LedgerPage& page,
                          const std::vector<Progress>& progress, Reply<std::int64_t> reply) = 0;

  /// What the ledger holds of the job, under the same condition.
  virtual void read_ledger(const JobLock& lock, const std::string& identity,
                           Reply<Ledger> reply) = 0;

  /// Appends a row to the job's log under the same condition.
  virtual void add_log(const JobLock& lock, const std::string& row, Reply<Done> reply) = 0;

  /// Asks for the sole right to collect a domain; it lasts as long as the job's lock.
  virtual void claim_domain(const JobLock& lock, const std::string& domain,
                            Reply<DomainClaim> reply) = 0;

  /// Ends the try under the same condition and, if asked, takes the next job in the same step.
  virtual void end(const TakenJob& job, const JobEnd& end, bool take_next,
                   Reply<TakeResult> reply) = 0;

  /// Whether this end of the job has been carried out: for a caller whose end() got no answer.
  virtual void was_ended(const TakenJob& job, const JobEnd& end, Reply<bool> reply) = 0;

  /// Puts a held job back to the front of the waiting jobs, or with a delay to the delayed ones;
  /// the attempt is not counted.
  virtual void release(const JobLock& lock, std::chrono::milliseconds delay, Reply<Done> reply) = 0;

  /// Returns the jobs that earlier processes of this node held, which are known to be dead.
  virtual void recover_own(Reply<StalledJobs> reply) = 0;

  /// Returns jobs of dead workers to waiting, or fails those that stalled too often.
  virtual void recover_stalled(Reply<StalledJobs> reply) = 0;

  /// Walks on through a part of the queue and puts right what belongs to nothing. A job is repaired
  /// only when the call before has found it in no structure too. One call at a time.
  virtual void reconcile(Reply<Reconciliation> reply) = 0;

  virtual void count_jobs(Reply<QueueCounts> reply) = 0;
};

} // namespace gleaner
