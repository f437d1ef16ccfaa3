#pragma once

#include "core/ports/job_queue.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace gleaner::test {

/// A queue in memory that answers at once and keeps what it was told. `failure` makes every call
/// fail with it while set.
class MemoryQueue : public JobQueue {
public:
  void take(std::uint32_t count, Reply<TakeResult> reply) override {
    takes.push_back(count);
    if (failure)
      return reply(*failure);
    TakeResult result;
    result.next_delayed_in = next_delayed_in;
    result.rate_limited_for = rate_limited_for;
    while (!waiting.empty() && result.jobs.size() < count) {
      result.jobs.push_back(std::move(waiting.front()));
      waiting.pop_front();
    }
    answer(std::move(reply), std::move(result));
  }

  void wait_for_work(std::chrono::milliseconds timeout, Reply<Done> reply) override {
    waits.push_back(timeout);
    waiter = std::move(reply);
  }

  void stop_waiting() override {
    ++stops;
    wake();
  }

  /// Ends the wait in progress.
  void wake(Result<Done> result = Done{}) {
    if (auto reply = std::exchange(waiter, nullptr))
      reply(std::move(result));
  }

  void renew(std::vector<JobLock> locks, Reply<Renewal> reply) override {
    renewals.push_back(locks);
    if (failure)
      return reply(*failure);
    Renewal renewal{{}, now_ms};
    for (const auto& lock : locks)
      if (lost_tokens.contains(lock.token))
        renewal.lost.push_back(lock.job_id);
    late_renewal = [renewal = std::move(renewal), reply = std::move(reply)] { reply(renewal); };
    if (!keeps_renewals_waiting)
      answer_renewal();
  }

  /// The one that waits.
  void answer_renewal() { std::exchange(late_renewal, nullptr)(); }

  void checkpoint(const JobLock& lock, const std::string&, const LedgerPage& page,
                  const std::vector<Progress>& progress, Reply<std::int64_t> reply) override {
    checkpoints.push_back({lock, page, progress});
    failure ? reply(*failure) : reply(now_ms);
  }

  void read_ledger(const JobLock&, const std::string&, Reply<Ledger> reply) override {
    ++ledger_reads;
    failure ? reply(*failure) : reply(ledger);
  }

  void report_progress(const JobLock&, const Progress& progress, Reply<Done> reply) override {
    progresses.push_back(progress);
    if (failure)
      return reply(*failure);
    answer(std::move(reply), Done{});
  }

  void claim_domain(const JobLock&, const std::string& domain, Reply<DomainClaim> reply) override {
    claims.push_back(domain);
    failure ? reply(*failure) : reply(claim);
  }

  void add_log(const JobLock&, const std::string& row, Reply<Done> reply) override {
    logs.push_back(row);
    reply(Done{});
  }

  void end(const TakenJob& job, const JobEnd& end, bool take_next,
           Reply<TakeResult> reply) override {
    ends.push_back({job, end, take_next});
    if (failure)
      return reply(*failure);
    TakeResult next;
    if (take_next && !waiting.empty()) {
      next.jobs.push_back(std::move(waiting.front()));
      waiting.pop_front();
    }
    reply(std::move(next));
  }

  void was_ended(const TakenJob&, const JobEnd&, Reply<bool> reply) override {
    ++look_ups;
    reply(ended);
  }

  void release(const JobLock& lock, std::chrono::milliseconds delay, Reply<Done> reply) override {
    releases.push_back({lock, delay});
    failure ? reply(*failure) : reply(Done{});
  }

  void recover_own(Reply<StalledJobs> reply) override {
    ++own_recoveries;
    failure ? reply(*failure) : reply(own);
  }

  void recover_stalled(Reply<StalledJobs> reply) override {
    ++stalled_checks;
    failure ? reply(*failure) : reply(stalled);
  }

  void reconcile(Reply<Reconciliation> reply) override {
    ++reconciliations;
    failure ? reply(*failure) : answer(std::move(reply), reconciliation);
  }

  void count_jobs(Reply<QueueCounts> reply) override { reply(counts); }

  /// Holds back answers to take, report_progress and reconcile until release_answers().
  bool hold_answers = false;
  void release_answers() {
    hold_answers = false;
    for (auto& each : std::exchange(held_answers, {}))
      each();
  }

  struct Ended {
    TakenJob job;
    JobEnd end;
    bool take_next = false;
  };
  struct Checkpoint {
    JobLock lock;
    LedgerPage page;
    std::vector<Progress> progress;
  };
  struct Released {
    JobLock lock;
    std::chrono::milliseconds delay;
  };
  std::optional<Error> failure;
  std::deque<TakenJob> waiting;
  std::optional<std::chrono::milliseconds> next_delayed_in;
  std::optional<std::chrono::milliseconds> rate_limited_for;
  std::set<std::string> lost_tokens;
  StalledJobs stalled;
  StalledJobs own;
  Ledger ledger;
  bool ended = false; ///< What was_ended() answers.
  std::int64_t now_ms = 1767225600000;
  Reconciliation reconciliation;
  QueueCounts counts;

  std::vector<std::uint32_t> takes;
  std::vector<std::chrono::milliseconds> waits;
  Reply<Done> waiter;
  int stops = 0;
  int stalled_checks = 0;
  int own_recoveries = 0;
  int ledger_reads = 0;
  int look_ups = 0;
  std::vector<std::vector<JobLock>> renewals;
  bool keeps_renewals_waiting = false;
  std::function<void()> late_renewal;
  std::vector<Checkpoint> checkpoints;
  int reconciliations = 0;
  std::vector<Progress> progresses;
  std::vector<std::string> logs;
  std::vector<std::string> claims; ///< Domains.
  DomainClaim claim = DomainClaim::first;
  std::vector<Ended> ends;
  std::vector<Released> releases;

private:
  template <class T>
  void answer(Reply<T> reply, T value) {
    if (!hold_answers)
      return reply(std::move(value));
    held_answers.push_back([reply = std::move(reply), value = std::move(value)] { reply(value); });
  }
  std::vector<std::function<void()>> held_answers;
};

} // namespace gleaner::test
