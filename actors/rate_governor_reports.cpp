#include "actors/rate_governor.hpp"
#include "core/backoff.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <string>

/// The part of RateGovernor that hears what became of permits, and tells the operator.
namespace gleaner {

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
  // What was not answered may have cost something.
  if (!msg.is_page && msg.outcome != Outcome::unknown && msg.outcome != Outcome::lost)
    pace_->charged({msg.permit, 0});
  work();
}

void RateGovernorState::count_outcome(const PermitSpent& msg) {
  using Outcome = PermitSpent::Outcome;
  if (!deps_.metrics)
    return;
  if (msg.outcome == Outcome::lost)
    circuit_.returned();
  else if (msg.outcome != Outcome::failed && msg.outcome != Outcome::unknown)
    circuit_.succeeded();
  else
    count_failure(msg);
  deps_.metrics->circuit_open.Set(circuit_.is_open() ? 1 : 0);
}

void RateGovernorState::count_failure(const PermitSpent& msg) {
  const auto now = self->clock().now();
  const auto before = circuit_.wait(now);
  if (circuit_.failed(now, msg.domain, msg.wait))
    deps_.log->warn("api.circuit_open", "the API has failed ten times in a row: asking less often",
                    {{"key", deps_.key}});
  if (circuit_.wait(now) != before)
    tell_waiting();
}

void RateGovernorState::tell_waiting() {
  waiting_.for_each([this](const JobId& job_id, const Waiting& waiting) {
    tell_wait(waiting.fetcher, job_id, waiting.offset);
  });
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
  pace_->account_read(msg.remaining, msg.asked_at, msg.reset_date);
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

void RateGovernorState::show_limits(Time now) {
  if (!deps_.metrics || !pace_)
    return;
  for (std::size_t place = 0; place < deps_.windows.size(); ++place)
    deps_.metrics->show_limit(place, requests_a_second(deps_.windows[place]) * pace_->share(),
                              static_cast<double>(gate_.free_in(place, now)));
}

/// Pages that are under way settle their credits within moments, but those of the dead do not.
std::chrono::milliseconds RateGovernorState::short_for(const BudgetAnswer& answer) {
  const auto now = self->clock().now();
  if (!answer.permits.empty() || waiting_.empty()) {
    short_since_.reset();
  } else if (answer.credits.settling.count() > 0) {
    short_since_ = short_since_.value_or(now);
    short_until_ = now + answer.credits.settling;
  }
  if (!short_since_ || now - *short_since_ < telling_wait || short_until_ < now)
    return {};
  return std::chrono::ceil<std::chrono::milliseconds>(short_until_ - now);
}

void RateGovernorState::tell_if_closed(const BudgetAnswer& answer) {
  if (const auto wait = short_for(answer); wait > answer.closed)
    return closed_for(wait, "api.credits_reserved",
                      "no requests for a while: what may still be spent is reserved for pages "
                      "whose cost nobody has told");
  closed_for(answer.closed, "api.pace_closed",
             deps_.metrics ? "no requests for a while: refused too often, or Redis has lost count "
                             "of them"
                           : "no free counts for a while: refused too often, or Redis has lost "
                             "count of them");
}

/// Told once, and again when it turns out to be longer.
void RateGovernorState::closed_for(std::chrono::milliseconds closed, const char* code,
                                   const char* text) {
  constexpr std::chrono::seconds jitter{1};
  const auto until = self->clock().now() + closed;
  const bool is_news = closed >= telling_wait && until > closed_until_ + jitter;
  closed_until_ = until;
  if (!is_news)
    return;
  deps_.log->warn(code, text, {{"key", deps_.key}, {"ms", std::int64_t{closed.count()}}});
  tell_waiting();
}

void RateGovernorState::tell_wait(const HunterFetcherActor& fetcher, const JobId& job_id,
                                  std::uint32_t offset) {
  const auto now = self->clock().now();
  const auto trouble =
    circuit_.wait(now) == Circuit::Duration::max() ? Circuit::Duration::zero() : circuit_.wait(now);
  const auto wait = std::max(closed_until_ - now, trouble);
  if (wait >= telling_wait)
    self->send(fetcher,
               PermitDelayed{job_id, offset, std::chrono::ceil<std::chrono::milliseconds>(wait),
                             wait == trouble});
}

} // namespace gleaner
