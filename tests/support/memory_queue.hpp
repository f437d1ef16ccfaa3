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
class MemoryQueue final : public JobQueue {
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

  void renew(std::vector<JobLock> locks, Reply<std::vector<JobId>> reply) override {
    renewals.push_back(locks);
    if (failure)
      return reply(*failure);
    std::vector<JobId> lost;
    for (const auto& lock : locks)
      if (lost_tokens.contains(lock.token))
        lost.push_back(lock.job_id);
    reply(std::move(lost));
  }

  void report_progress(const JobLock&, const Progress& progress, Reply<Done> reply) override {
    progresses.push_back(progress);
    answer(std::move(reply), Done{});
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

  void release(const JobLock& lock, Reply<Done> reply) override {
    releases.push_back(lock);
    failure ? reply(*failure) : reply(Done{});
  }

  void recover_stalled(Reply<StalledJobs> reply) override {
    ++stalled_checks;
    failure ? reply(*failure) : reply(stalled);
  }

  void count_jobs(Reply<QueueCounts> reply) override { reply(counts); }

  /// Holds back answers to take and report_progress until release_answers().
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
  std::optional<Error> failure;
  std::deque<TakenJob> waiting;
  std::optional<std::chrono::milliseconds> next_delayed_in;
  std::optional<std::chrono::milliseconds> rate_limited_for;
  std::set<std::string> lost_tokens;
  StalledJobs stalled;
  QueueCounts counts;

  std::vector<std::uint32_t> takes;
  std::vector<std::chrono::milliseconds> waits;
  Reply<Done> waiter;
  int stops = 0;
  int stalled_checks = 0;
  std::vector<std::vector<JobLock>> renewals;
  std::vector<Progress> progresses;
  std::vector<std::string> logs;
  std::vector<Ended> ends;
  std::vector<JobLock> releases;

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
