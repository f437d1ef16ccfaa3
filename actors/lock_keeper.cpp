#include "actors/lock_keeper.hpp"

#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace gleaner {

LockKeeperActor::behavior_type lock_keeper(LockKeeperState::Self self, LockKeeperDeps deps) {
  self->state.deps = deps;
  return {
    [self](HoldLock& msg) { self->state.hold(msg); },
    [self](const DropLock& msg) { self->state.drop(msg); },
    [self](RenewDue) { self->state.renew(); },
    [self](const LocksRenewed& msg) { self->state.renewed(msg); },
  };
}

void LockKeeperState::hold(HoldLock& msg) {
  coordinator_ = caf::actor_cast<JobCoordinatorActor>(self->current_sender());
  auto token = msg.lock.token;
  by_token_.insert_or_assign(std::move(token), std::move(msg.lock));
  if (std::exchange(timer_running_, true))
    return;
  self->delayed_send(self, deps.lock_duration / 4, RenewDue{});
}

void LockKeeperState::drop(const DropLock& msg) {
  by_token_.erase(msg.lock.token);
}

void LockKeeperState::renew() {
  timer_running_ = !by_token_.empty();
  if (!timer_running_)
    return;
  self->delayed_send(self, deps.lock_duration / 4, RenewDue{});
  std::vector<JobLock> locks;
  locks.reserve(by_token_.size());
  for (const auto& [token, lock] : by_token_)
    locks.push_back(lock);
  deps.queue->renew(locks, [me = LockKeeperActor{self}, locks](Result<std::vector<JobId>> lost) {
    if (lost)
      caf::anon_send(me, LocksRenewed{locks, std::move(*lost), std::nullopt});
    else
      caf::anon_send(me, LocksRenewed{locks, {}, lost.error()});
  });
}

void LockKeeperState::renewed(const LocksRenewed& msg) {
  // A renewal that could not be made is made again by the next timer; three more fit into the
  // lock's life.
  for (const auto& lock : msg.asked) {
    const bool lost = std::find(msg.lost.begin(), msg.lost.end(), lock.job_id) != msg.lost.end();
    if (lost && by_token_.erase(lock.token) > 0)
      self->send(coordinator_, LockLost{lock});
  }
}

} // namespace gleaner
