#include "actors/rate_governor.hpp"

#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>

#include <utility>

namespace gleaner {

RateGovernorActor::behavior_type rate_governor(RateGovernorState::Self self, RateWindows windows) {
  self->state.windows = std::move(windows);
  return {
    [self](const PermitWanted& msg) { self->state.wanted(msg); },
    [self](const PermitReturned&) { self->state.returned(); },
    [self](PermitsDue) { self->state.permits_due(); },
  };
}

void RateGovernorState::wanted(const PermitWanted& msg) {
  waiting_.push_back(
    {caf::actor_cast<HunterFetcherActor>(self->current_sender()), msg.job_id, msg.offset});
  grant();
}

void RateGovernorState::returned() {
  windows.give_back();
  grant();
}

void RateGovernorState::permits_due() {
  timer_running_ = false;
  grant();
}

void RateGovernorState::grant() {
  while (!waiting_.empty() && !timer_running_) {
    const auto wait = windows.acquire(self->clock().now());
    if (wait > RateWindows::Duration::zero()) {
      timer_running_ = true;
      self->delayed_send(self, wait, PermitsDue{});
      return;
    }
    auto& next = waiting_.front();
    self->send(next.fetcher, PermitGranted{std::move(next.job_id), next.offset});
    waiting_.pop_front();
  }
}

} // namespace gleaner
