#include "actors/lock_keeper.hpp"

#include "core/lease.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace gleaner {

using std::chrono::milliseconds;

LockKeeperActor::behavior_type lock_keeper(LockKeeperState::Self self, LockKeeperDeps deps) {
  self->state.deps = deps;
  return {
    [self](HoldLock& msg) { self->state.hold(msg); },
    [self](const DropLock& msg) { self->state.drop(msg); },
    [self](const RenewDue& msg) { self->state.renew(msg); },
    [self](LeaseDue) { self->state.lease_due(); },
    [self](const LocksRenewed& msg) { self->state.renewed(msg); },
  };
}

void LockKeeperState::hold(HoldLock& msg) {
  coordinator_ = caf::actor_cast<JobCoordinatorActor>(self->current_sender());
  auto token = msg.lock.token;
  by_token_.insert_or_assign(std::move(token), Lease{std::move(msg.lock), msg.since});
  watch_leases();
  if (!renewing_)
    renew_in(deps.lock_duration / 4);
}

void LockKeeperState::drop(const DropLock& msg) {
  by_token_.erase(msg.lock.token);
}

/// In place of what was due before.
void LockKeeperState::renew_in(milliseconds pause) {
  renewing_ = true;
  self->delayed_send(self, pause, RenewDue{++renew_generation_});
}

void LockKeeperState::renew(const RenewDue& msg) {
  if (msg.generation != renew_generation_)
    return;
  renewing_ = false;
  if (by_token_.empty())
    return;
  renew_in(deps.lock_duration / 4);
  std::vector<JobLock> locks;
  for (const auto& [token, lease] : by_token_)
    locks.push_back(lease.lock);
  const auto now = self->clock().now();
  auto answer = [me = LockKeeperActor{self}, locks, now](Result<Renewal> renewal) {
    if (renewal)
      caf::anon_send(me, LocksRenewed{locks, now, std::move(*renewal), {}});
    else
      caf::anon_send(me, LocksRenewed{locks, now, {}, renewal.error()});
  };
  deps.queue->renew(std::move(locks), std::move(answer));
}

void LockKeeperState::renewed(const LocksRenewed& msg) {
  if (msg.error) { // soon again: a lease that became doubtful holds its job up
    constexpr milliseconds longest_pause{1000};
    return renew_in(std::min(deps.lock_duration / 4, longest_pause));
  }
  compare_clocks(msg);
  const auto& lost = msg.renewal.lost;
  for (const auto& lock : msg.asked)
    if (std::find(lost.begin(), lost.end(), lock.job_id) != lost.end() &&
        by_token_.erase(lock.token) > 0)
      self->send(coordinator_, LockLost{lock});
  confirm(msg);
}

void LockKeeperState::confirm(const LocksRenewed& msg) {
  auto confirmed = LeasesRenewed{{}, msg.asked_at + lease_of(deps.lock_duration)};
  for (const auto& lock : msg.asked)
    if (const auto lease = by_token_.find(lock.token); lease != by_token_.end()) {
      lease->second.confirmed_at = std::max(lease->second.confirmed_at, msg.asked_at);
      lease->second.doubtful = self->clock().now() >= confirmed.valid_until;
      confirmed.locks.push_back(lock);
    }
  if (!confirmed.locks.empty())
    self->send(coordinator_, std::move(confirmed));
  watch_leases();
}

void LockKeeperState::compare_clocks(const LocksRenewed& msg) {
  const auto step = clock_watch_.step(msg.renewal.now_ms, msg.asked_at, self->clock().now());
  if (!step)
    return;
  deps.metrics->clock_steps.Increment();
  deps.log->warn("clock.step", "the clock of Redis has stepped",
                 {{"ms", step->count()}, {"clock", "redis"}});
}

void LockKeeperState::watch_leases() {
  if (watching_)
    return;
  std::optional<SteadyTime> first;
  for (const auto& [token, lease] : by_token_)
    if (!lease.doubtful)
      first = std::min(first.value_or(lease.confirmed_at), lease.confirmed_at);
  if (!first)
    return;
  watching_ = true;
  const auto left = *first + lease_of(deps.lock_duration) - self->clock().now();
  self->delayed_send(self, std::max(left, SteadyTime::duration::zero()), LeaseDue{});
}

void LockKeeperState::lease_due() {
  watching_ = false;
  const auto now = self->clock().now();
  for (auto& [token, lease] : by_token_)
    if (!lease.doubtful && now >= lease.confirmed_at + lease_of(deps.lock_duration)) {
      lease.doubtful = true;
      self->send(coordinator_, LeaseDoubtful{lease.lock});
    }
  watch_leases();
}

} // namespace gleaner
