#include "actors/rate_governor.hpp"

#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace gleaner {

RateGovernorActor::behavior_type rate_governor(RateGovernorState::Self self,
                                               RateGovernorDeps deps) {
  self->state.begin(std::move(deps));
  self->set_down_handler([self](caf::down_msg& down) { self->state.fetcher_down(down.source); });
  return {
    [self](const PermitWanted& msg) { self->state.wanted(msg); },
    [self](const PermitReturned& msg) { self->state.returned(msg.permit); },
    [self](const CountUnwanted& msg) { self->state.unwanted(msg.job_id); },
    [self](const PermitSpent& msg) { self->state.spent(msg); },
    [self](const PageCharged& msg) { self->state.charged(msg); },
    [self](const AccountSeen& msg) { self->state.account_seen(msg); },
    [self](HandInPermits) { self->state.hand_in(); },
    [self](const BudgetAnswered& msg) { self->state.budget_answered(msg); },
    [self](BudgetMoved) { self->state.budget_moved(); },
    [self](const PermitsDue& msg) { self->state.permits_due(msg.generation); },
  };
}

void RateGovernorState::begin(RateGovernorDeps with) {
  deps_ = std::move(with);
  if (deps_.windows.empty() && !deps_.caps.shared())
    return;
  gate_ = RateWindows{watch_own(deps_.windows)};
  pace_.emplace(deps_.windows);
  work();
}

void RateGovernorState::wanted(const PermitWanted& msg) {
  const auto cost = deps_.cost.most_credits(msg.rows);
  costs_.insert(cost);
  waiting_.push(msg.job_id, msg.stride,
                {caf::actor_cast<HunterFetcherActor>(self->current_sender()), msg.offset, cost});
  tell_wait(caf::actor_cast<HunterFetcherActor>(self->current_sender()), msg.job_id, msg.offset);
  work();
}

void RateGovernorState::unwanted(const JobId& job_id) {
  waiting_.clear(job_id,
                 [this](const Waiting& waiting) { costs_.erase(costs_.find(waiting.cost)); });
}

/// What is in hand, and what an exchange under way brings, is for the old key.
void RateGovernorState::budget_moved() {
  ++moves_;
  if (!pace_)
    return;
  pace_.emplace(deps_.windows);
  work();
}

void RateGovernorState::budget_answered(const BudgetAnswered& msg) {
  if (msg.moves != moves_)
    return;
  const auto now = self->clock().now();
  if (msg.error)
    pace_->failed(now);
  else
    pace_->answered(msg.answer, now);
  if (!msg.error)
    tell_if_closed(msg.answer);
  tell_if_late();
  const auto& credits = pace_->credits();
  if (deps_.metrics) {
    deps_.metrics->limiter_share.Set(pace_->share());
    deps_.metrics->credits_reserved.Set(credits.reserved);
  }
  if (!msg.error && credits.stop != SpendingStop::none)
    deny_all(credits);
  work();
}

void RateGovernorState::permits_due(std::uint64_t generation) {
  if (generation != timer_generation_)
    return;
  timer_.reset();
  work();
}

std::optional<SharedPace::InHand> RateGovernorState::next_permit(Time now) {
  if (circuit_.wait(now) > Circuit::Duration::zero() ||
      gate_.wait(now) > SharedPace::Duration::zero())
    return std::nullopt;
  auto permit = pace_ ? pace_->take(now) : SharedPace::InHand{{}, now, Time::max()};
  if (!permit)
    return permit;
  gate_.acquire(now);
  circuit_.sent();
  return permit;
}

RateGovernorState::Waiting RateGovernorState::next_in_turn() {
  auto next = waiting_.pop();
  costs_.erase(costs_.find(next.cost));
  return next;
}

void RateGovernorState::work() {
  const auto now = self->clock().now();
  if (pace_ && !costs_.empty())
    pace_->need(*costs_.rbegin());
  while (!waiting_.empty()) {
    const auto permit = next_permit(now);
    if (!permit)
      break;
    grant(*permit);
  }
  ask(now);
  show_limits(now);
  look_again(now);
  tell_if_handed_in();
}

/// Its request tells nothing any more: another one has to.
void RateGovernorState::fetcher_down(const caf::actor_addr& fetcher) {
  if (fetcher != finding_out_)
    return;
  circuit_.returned();
  work();
}

void RateGovernorState::deny_all(const CreditState& credits) {
  const auto error = why_stopped(credits, deps_.caps);
  while (!waiting_.empty()) {
    auto job_id = waiting_.front_lane();
    const auto next = next_in_turn();
    self->send(next.fetcher, PermitDenied{std::move(job_id), next.offset, error, credits.stop_for});
  }
}

void RateGovernorState::grant(const SharedPace::InHand& permit) {
  auto job_id = waiting_.front_lane();
  const auto next = next_in_turn();
  ++on_loan_;
  if (circuit_.is_open()) {
    finding_out_ = next.fetcher->address();
    self->monitor(next.fetcher);
  }
  self->send(next.fetcher,
             PermitGranted{std::move(job_id), next.offset, permit.permit, permit.until});
}

void RateGovernorState::ask(Time now) {
  const bool open = circuit_.wait(now) == Circuit::Duration::zero();
  auto request = pace_ ? pace_->request(open ? waiting_.size() : 0, now) : std::nullopt;
  if (!request)
    return;
  deps_.budget->exchange(std::move(*request), [me = RateGovernorActor{self},
                                               moves = moves_](Result<BudgetAnswer> answer) {
    if (answer)
      caf::anon_send(me, BudgetAnswered{moves, std::move(*answer), std::nullopt});
    else
      caf::anon_send(me, BudgetAnswered{moves, {}, answer.error()});
  });
}

/// Reports do not wait for the gate: others go by them.
std::optional<SharedPace::Time> RateGovernorState::next_look(Time now) const {
  auto next = pace_ ? pace_->next_look(0) : std::nullopt;
  if (const auto empty = gate_.empty_from(); deps_.metrics && empty && *empty > now)
    next = std::min(next.value_or(Time::max()), *empty); // to show that
  const auto closed = circuit_.wait(now);
  if (waiting_.empty() || closed == Circuit::Duration::max())
    return next;
  if (const auto permit = pace_ ? pace_->next_look(waiting_.size()) : now)
    next = std::min(next.value_or(Time::max()),
                    std::max({*permit, now + gate_.wait(now), now + closed}));
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

} // namespace gleaner
