#include "actors/rate_governor.hpp"

#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace gleaner {

namespace {

/// What the process keeps to by itself: the budget's windows, less what a permit may be late.
RateWindows own_gate(const std::vector<RateWindow>& windows) {
  auto watched = watch(windows);
  for (auto& window : watched)
    window.watched -= permit_tolerance(windows);
  return RateWindows{std::move(watched)};
}

} // namespace

RateGovernorActor::behavior_type rate_governor(RateGovernorState::Self self,
                                               RateGovernorDeps deps) {
  self->state.begin(std::move(deps));
  return {
    [self](const PermitWanted& msg) { self->state.wanted(msg); },
    [self](const PermitReturned& msg) { self->state.returned(msg.permit); },
    [self](const PermitSpent& msg) { self->state.spent(msg); },
    [self](const BudgetAnswered& msg) { self->state.budget_answered(msg); },
    [self](const PermitsDue& msg) { self->state.permits_due(msg.generation); },
  };
}

void RateGovernorState::begin(RateGovernorDeps with) {
  deps_ = std::move(with);
  if (deps_.windows.empty())
    return;
  gate_ = own_gate(deps_.windows);
  pace_.emplace(deps_.windows);
  work();
}

void RateGovernorState::wanted(const PermitWanted& msg) {
  waiting_.push(msg.job_id, msg.stride,
                {caf::actor_cast<HunterFetcherActor>(self->current_sender()), msg.offset});
  work();
}

void RateGovernorState::returned(const Permit& permit) {
  if (!pace_)
    return;
  gate_.give_back();
  pace_->unused(permit);
  work();
}

void RateGovernorState::spent(const PermitSpent& msg) {
  if (!pace_)
    return;
  if (msg.outcome == PermitSpent::Outcome::honoured)
    pace_->honoured(msg.permit);
  else if (msg.outcome == PermitSpent::Outcome::refused)
    pace_->refused(msg.permit, msg.wait);
  work();
}

void RateGovernorState::budget_answered(const BudgetAnswered& msg) {
  const auto now = self->clock().now();
  if (msg.error)
    pace_->failed(now);
  else
    pace_->answered(msg.answer, now);
  if (!msg.error)
    tell_if_closed(msg.answer.closed);
  deps_.metrics->limiter_share.Set(pace_->share());
  work();
}

void RateGovernorState::permits_due(std::uint64_t generation) {
  if (generation != timer_generation_)
    return;
  timer_.reset();
  work();
}

std::optional<SharedPace::InHand> RateGovernorState::next_permit(Time now) {
  if (!pace_)
    return SharedPace::InHand{{}, now, Time::max()};
  if (gate_.wait(now) > SharedPace::Duration::zero())
    return std::nullopt;
  auto permit = pace_->take(now);
  if (permit)
    gate_.acquire(now);
  return permit;
}

void RateGovernorState::work() {
  const auto now = self->clock().now();
  while (!waiting_.empty()) {
    const auto permit = next_permit(now);
    if (!permit)
      break;
    grant(*permit);
  }
  if (!pace_)
    return;
  ask(now);
  look_again(now);
}

void RateGovernorState::grant(const SharedPace::InHand& permit) {
  auto job_id = waiting_.front_lane();
  const auto next = waiting_.pop();
  self->send(next.fetcher,
             PermitGranted{std::move(job_id), next.offset, permit.permit, permit.until});
}

void RateGovernorState::ask(Time now) {
  auto request = pace_->request(waiting_.size(), now);
  if (!request)
    return;
  deps_.budget->exchange(std::move(*request),
                         [me = RateGovernorActor{self}](Result<BudgetAnswer> answer) {
                           if (answer)
                             caf::anon_send(me, BudgetAnswered{std::move(*answer), std::nullopt});
                           else
                             caf::anon_send(me, BudgetAnswered{{}, answer.error()});
                         });
}

/// Reports do not wait for the gate: others go by them.
std::optional<SharedPace::Time> RateGovernorState::next_look(Time now) const {
  auto next = pace_->next_look(0);
  if (waiting_.empty())
    return next;
  if (const auto permit = pace_->next_look(waiting_.size()))
    next = std::min(next.value_or(Time::max()), std::max(*permit, now + gate_.wait(now)));
  return next;
}

void RateGovernorState::look_again(Time now) {
  const auto next = next_look(now);
  if (!next || (timer_ && *timer_ <= *next))
    return;
  timer_ = *next;
  self->delayed_send(self, std::max(*next - now, SharedPace::Duration::zero()),
                     PermitsDue{++timer_generation_});
}

void RateGovernorState::tell_if_closed(std::chrono::milliseconds closed) {
  constexpr std::chrono::seconds worth_telling{5};
  if (closed >= worth_telling && !told_closed_)
    deps_.log->warn("api.pace_closed",
                    "no requests for a while: refused too often, or Redis has lost count of them",
                    {{"ms", std::int64_t{closed.count()}}});
  told_closed_ = closed.count() > 0 && (told_closed_ || closed >= worth_telling);
}

} // namespace gleaner
