#pragma once

#include "actors/counted_actor.hpp"
#include "actors/interfaces.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/polling_pace.hpp"
#include "core/ports/job_queue.hpp"
#include "messages/job.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace gleaner {

/// What the poller borrows; all outlive the actor.
struct QueuePollerDeps {
  JobQueue* queue = nullptr;
  JobMetrics* metrics = nullptr;
  ReconcileMetrics* reconcile = nullptr;
  EventLog* log = nullptr;
  std::chrono::milliseconds drain_delay{5000};
  std::chrono::milliseconds stalled_interval{30000};
  std::chrono::milliseconds counts_interval{5000};
  std::chrono::milliseconds reconcile_interval{60000}; ///< Between the end of a look and the next.
  std::optional<PollingPace> pace{}; ///< Set: the queue can't be waited for, only asked.
};

/// Takes while jobs are wanted and come; then waits for the queue's wake-up mark, one wait at a
/// time (BullMQ's rule for a worker, whatever its concurrency).
struct QueuePollerState {
  using Self = CountedPointer<QueuePollerState, QueuePollerActor>;
  static inline const char* name = "QueuePoller";

  explicit QueuePollerState(Self owner) : self(owner) {}
  void want(const JobsWanted& msg);
  void suspend();
  void resume();
  void stop();
  void take_answered(TakeAnswered& msg);
  void wait_ended(const WaitEnded& msg);
  void take_due(const TakeDue& msg);
  void check_stalled();
  void own_recovered(const OwnRecovered& msg);
  void reconcile();
  void reconciled(const Reconciled& msg);
  void refresh_counts();

  Self self;
  QueuePollerDeps deps;

private:
  /// Most jobs in one take: bounds the time that one script holds Redis.
  static constexpr std::uint32_t batch = 32;
  enum class Phase : std::uint8_t { idle, taking, waiting, pausing };

  void take();
  void wait(const TakeResult& result);
  void pause(std::chrono::milliseconds duration);
  void pause_after_failure(const Error& error);
  void recover_own();
  void report(const char* kind, std::uint64_t count, prometheus::Counter& counter);

  JobCoordinatorActor coordinator_;
  Phase phase_ = Phase::idle;
  bool stopping_ = false;
  bool suspended_ = false;
  bool own_recovered_ = false; ///< Until then every look for stalled jobs tries it.
  SteadyTime asked_at_;
  std::uint32_t wanted_ = 0;
  std::uint32_t asked_ = 0;
  std::uint32_t failures_ = 0;
  bool wait_broke_ =
    false; ///< The last one. It has a connection of its own, so a take mends nothing.
  bool reconcile_failing_ = false;
  std::uint64_t pause_generation_ = 0;
};

QueuePollerActor::behavior_type queue_poller(QueuePollerState::Self self, QueuePollerDeps deps);

} // namespace gleaner
