#include "actors/lock_keeper.hpp"

#include "core/lease.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace gleaner {

using std::chrono::milliseconds;

LockKeeperActor::behavior_type lock_keeper(LockKeeperState::Self self, LockKeeperDeps deps) {
  self->state.deps = deps;
  return {
    [self](HoldLock& msg) { self->state.hold(msg); },
    [self](const DropLock& msg) { self->state.drop(msg); },
    [self](RenewDue) { self->state.begin_round(); },
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

void LockKeeperState::renew_in(SteadyTime::duration pause) {
  renewing_ = true;
  self->delayed_send(self, std::max(pause, SteadyTime::duration::zero()), RenewDue{});
}

void LockKeeperState::begin_round() {
  round_began_ = self->clock().now();
  left_ = by_token_.size();
  renew_some();
}

/// The next call waits for the answer to this one, so that what others ask of the queue comes in
/// between. A round goes on where the one before stopped: one that breaks off again and again
/// neglects no lock.
void LockKeeperState::renew_some() {
  left_ = std::min(left_, by_token_.size());
  renewing_ = !by_token_.empty();
  if (left_ == 0 && renewing_)
    return renew_in(round_began_ + deps.lock_duration / 4 - self->clock().now());
  if (left_ == 0)
    return;
  std::vector<JobLock> locks;
  for (; left_ > 0 && locks.size() < most_per_call; --left_) {
    auto next = by_token_.upper_bound(last_asked_);
    if (next == by_token_.end())
      next = by_token_.begin();
    last_asked_ = next->first;
    locks.push_back(next->second.lock);
  }
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
  const std::set<JobId> lost{msg.renewal.lost.begin(), msg.renewal.lost.end()};
  for (const auto& lock : msg.asked)
    if (lost.contains(lock.job_id) && by_token_.erase(lock.token) > 0)
      self->send(coordinator_, LockLost{lock});
  confirm(msg);
  renew_some();
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
