#include "actors/rate_governor.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>

/// The part of RateGovernor that hears what became of permits, and tells the operator.
namespace gleaner {

namespace {

/// A pace that is closed for so long is worth telling.
constexpr std::chrono::seconds long_closed{5};

} // namespace

void RateGovernorState::returned(const Permit& permit) {
  --on_loan_;
  circuit_.returned();
  if (!pace_)
    return work();
  gate_.give_back();
  pace_->unused(permit);
  work();
}

void RateGovernorState::spent(const PermitSpent& msg) {
  --on_loan_;
  count_outcome(msg);
  if (!pace_)
    return work();
  using Outcome = PermitSpent::Outcome;
  if (msg.outcome == Outcome::honoured)
    pace_->honoured(msg.permit);
  else if (msg.outcome == Outcome::refused)
    pace_->refused(msg.permit, msg.wait);
  if (!msg.is_page &&
      msg.outcome != Outcome::unknown) // what was not answered may have cost something
    pace_->charged({msg.permit, 0});
  work();
}

void RateGovernorState::count_outcome(const PermitSpent& msg) {
  using Outcome = PermitSpent::Outcome;
  if (!deps_.metrics)
    return;
  if (msg.outcome != Outcome::failed && msg.outcome != Outcome::unknown)
    circuit_.succeeded();
  else if (circuit_.failed(self->clock().now(), msg.domain, msg.wait))
    deps_.log->warn("api.circuit_open", "the API has failed ten times in a row: asking less often",
                    {{"key", deps_.key}});
  deps_.metrics->circuit_open.Set(circuit_.is_open() ? 1 : 0);
}

void RateGovernorState::charged(const PageCharged& msg) {
  const auto cost = deps_.cost.credits_for(msg.contacts);
  if (deps_.metrics)
    deps_.metrics->credits_spent.Increment(cost);
  if (!pace_)
    return;
  pace_->charged({msg.permit, cost});
  work();
}

void RateGovernorState::account_seen(const AccountSeen& msg) {
  if (!pace_)
    return;
  pace_->account_read(msg.remaining, msg.asked_at);
  work();
}

/// Nobody waits for the pages that still wait for permits.
void RateGovernorState::hand_in() {
  drained_by_ = caf::actor_cast<JobCoordinatorActor>(self->current_sender());
  while (!waiting_.empty())
    next_in_turn();
  if (pace_)
    pace_->close();
  work();
}

/// What was granted may still come back, or tell how it was used.
void RateGovernorState::tell_if_handed_in() {
  if (!drained_by_ || (pace_ && (on_loan_ > 0 || !pace_->settled())))
    return;
  self->send(*drained_by_, PermitsHandedIn{});
  drained_by_.reset();
}

void RateGovernorState::tell_if_late() {
  const auto late = pace_->too_late();
  if (late && !told_late_)
    deps_.log->warn("api.pace_late", "no requests: Redis answers too late for a pace that it gives",
                    {{"key", deps_.key}, {"ms", std::int64_t{late->count()}}});
  told_late_ = late.has_value();
}

/// Told once, and again when it turns out to be longer.
void RateGovernorState::pace_closed(std::chrono::milliseconds closed) {
  constexpr std::chrono::seconds jitter{1};
  const auto until = self->clock().now() + closed;
  const bool is_news = closed >= long_closed && until > closed_until_ + jitter;
  closed_until_ = until;
  if (!is_news)
    return;
  deps_.log->warn("api.pace_closed",
                  std::string{deps_.metrics ? "no requests" : "no free counts"} +
                    " for a while: refused too often, or Redis has lost count of them",
                  {{"key", deps_.key}, {"ms", std::int64_t{closed.count()}}});
  waiting_.for_each([this](const JobId& job_id, const Waiting& waiting) {
    tell_if_closed(waiting.fetcher, job_id, waiting.offset);
  });
}

void RateGovernorState::tell_if_closed(const HunterFetcherActor& fetcher, const JobId& job_id,
                                       std::uint32_t offset) {
  const auto wait = closed_until_ - self->clock().now();
  if (wait >= long_closed)
    self->send(fetcher,
               PermitDelayed{job_id, offset, std::chrono::ceil<std::chrono::milliseconds>(wait)});
}

} // namespace gleaner
