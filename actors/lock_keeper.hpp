#pragma once

#include "actors/counted_actor.hpp"
#include "actors/interfaces.hpp"
#include "core/clock_watch.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/ports/job_queue.hpp"
#include "messages/lock.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace gleaner {

/// Pointers outlive the actor.
struct LockKeeperDeps {
  JobQueue* queue = nullptr;
  JobMetrics* metrics = nullptr;
  EventLog* log = nullptr;
  std::chrono::milliseconds lock_duration{30000};
};

/// Renews every held lock each quarter of the lock's life, many in one call, and knows by its own
/// steady clock how long each is sure.
struct LockKeeperState {
  using Self = CountedPointer<LockKeeperState, LockKeeperActor>;
  static inline const char* name = "LockKeeper";
  /// Locks: a call holds up all others of the queue for as long as it takes.
  static constexpr std::size_t most_per_call = 500;

  explicit LockKeeperState(Self owner) : self(owner) {}
  void hold(HoldLock& msg);
  void drop(const DropLock& msg);
  void begin_round();
  void renewed(const LocksRenewed& msg);
  void lease_due();

  Self self;
  LockKeeperDeps deps;

private:
  struct Lease {
    JobLock lock;
    SteadyTime confirmed_at; ///< When the last renewal that was confirmed was sent.
    bool doubtful = false;
  };

  void renew_in(SteadyTime::duration pause);
  void renew_some();
  void watch_leases();
  void confirm(const LocksRenewed& msg);
  void compare_clocks(const LocksRenewed& msg);

  JobCoordinatorActor coordinator_;
  std::map<std::string, Lease> by_token_;
  ClockWatch clock_watch_; ///< Of Redis's clock.
  bool renewing_ = false;  ///< A RenewDue or an answer of the queue is on its way.
  bool watching_ = false;  ///< A LeaseDue is on its way.
  SteadyTime round_began_{};
  std::size_t left_ = 0;   ///< Locks of this round that were not asked for yet.
  std::string last_asked_; ///< The token that the next ones come after.
};

LockKeeperActor::behavior_type lock_keeper(LockKeeperState::Self self, LockKeeperDeps deps);

} // namespace gleaner
