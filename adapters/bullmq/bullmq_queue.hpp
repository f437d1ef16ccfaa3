#pragma once

#include "adapters/redis/command_port.hpp"
#include "adapters/redis/redis_observer.hpp"
#include "core/config.hpp"
#include "core/log.hpp"
#include "core/ports/job_queue.hpp"

#include <memory>
#include <string>

namespace gleaner::bullmq {

/// JobQueue over BullMQ's keys in Redis ("bridge" behaviour: stock clients of BullMQ 5 and 6 read
/// the result alike). Two connections, each with a thread: one pipelines all commands, the other,
/// which carries the worker's name, only waits.
class BullmqQueue final : public JobQueue {
public:
  /// Locks are "<token_seed>:<counter>". The seed must differ between processes; one of the form
  /// "gl1:<node>:..." lets recover_own() find what earlier processes of the node held.
  /// `log`, which outlives the queue, hears of what others wrote wrongly, and so does `observer`,
  /// if any, of what Redis refuses.
  BullmqQueue(const RedisConfig& redis, const QueueConfig& queue, std::string token_seed,
              EventLog& log, redis::RedisObserver* observer = nullptr);
  /// Over these two connections instead.
  BullmqQueue(std::unique_ptr<redis::CommandPort> commands,
              std::unique_ptr<redis::CommandPort> waiting, const QueueConfig& queue,
              std::string token_seed, EventLog& log);
  ~BullmqQueue() override;

  void take(std::uint32_t count, Reply<TakeResult> reply) override;
  void wait_for_work(std::chrono::milliseconds timeout, Reply<Done> reply) override;
  void stop_waiting() override;
  void renew(std::vector<JobLock> locks, Reply<Renewal> reply) override;
  void report_progress(const JobLock& lock, const Progress& progress, Reply<Done> reply) override;
  void checkpoint(const JobLock& lock, const std::string& identity, const LedgerPage& page,
                  const std::vector<Progress>& progress, Reply<std::int64_t> reply) override;
  void read_ledger(const JobLock& lock, const std::string& identity, Reply<Ledger> reply) override;
  void claim_domain(const JobLock& lock, const std::string& domain,
                    Reply<DomainClaim> reply) override;
  void add_log(const JobLock& lock, const std::string& row, Reply<Done> reply) override;
  void end(const TakenJob& job, const JobEnd& end, bool take_next,
           Reply<TakeResult> reply) override;
  void was_ended(const TakenJob& job, const JobEnd& end, Reply<bool> reply) override;
  void release(const JobLock& lock, std::chrono::milliseconds delay, Reply<Done> reply) override;
  void recover_own(Reply<StalledJobs> reply) override;
  void recover_stalled(Reply<StalledJobs> reply) override;
  void reconcile(Reply<Reconciliation> reply) override;
  void count_jobs(Reply<QueueCounts> reply) override;

  /// For readiness: the command connection is up.
  bool connected() const noexcept;

private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace gleaner::bullmq
