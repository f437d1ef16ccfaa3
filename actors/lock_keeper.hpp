#pragma once

#include "actors/interfaces.hpp"
#include "core/ports/job_queue.hpp"
#include "messages/lock.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <map>
#include <string>

namespace gleaner {

struct LockKeeperDeps {
  JobQueue* queue = nullptr; ///< Outlives the actor.
  std::chrono::milliseconds lock_duration{30000};
};

/// Renews every held lock each quarter of the lock's life, all in one call.
struct LockKeeperState {
  using Self = LockKeeperActor::stateful_pointer<LockKeeperState>;
  static inline const char* name = "LockKeeper";

  explicit LockKeeperState(Self owner) : self(owner) {}
  void hold(HoldLock& msg);
  void drop(const DropLock& msg);
  void renew();
  void renewed(const LocksRenewed& msg);

  Self self;
  LockKeeperDeps deps;

private:
  JobCoordinatorActor coordinator_;
  std::map<std::string, JobLock> by_token_;
  bool timer_running_ = false;
};

LockKeeperActor::behavior_type lock_keeper(LockKeeperState::Self self, LockKeeperDeps deps);

} // namespace gleaner
