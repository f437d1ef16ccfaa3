#include "actors/hunter_fetcher.hpp"

#include "core/backoff.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace gleaner {

HunterFetcherActor::behavior_type hunter_fetcher(HunterFetcherState::Self self,
                                                 HunterFetcherDeps deps) {
  self->state.deps = std::move(deps);
  return {
    [self](FetchPage& msg) { self->state.start(msg); },
    [self](const LeaseExtended& msg) { self->state.extend(msg); },
    [self](const AbandonPage& msg) { self->state.abandon(msg); },
    [self](const CheckAccount& msg) { self->state.check_account(msg.reason); },
    [self](const PermitGranted& msg) { self->state.granted(msg); },
    [self](PageAnswered& msg) { self->state.answered(msg); },
    [self](const AccountAnswered& msg) { self->state.account_answered(msg); },
    [self](AccountRead& msg) { self->state.account_read(msg); },
    [self](const RetryDue& msg) { self->state.retry_due(msg); },
  };
}

bool HunterFetcherState::is_mine(const JobId& job_id, std::uint32_t offset) const {
  return page_.job_id == job_id && page_.request.offset == offset;
}

void HunterFetcherState::start(FetchPage& msg) {
  page_ = std::move(msg);
  coordinator_ = caf::actor_cast<JobCoordinatorActor>(self->current_sender());
  abandoned_ = false;
  tries_ = 0;
  ask_permit();
}

void HunterFetcherState::ask_permit() {
  phase_ = Phase::awaiting_permit;
  asked_permit_at_ = self->clock().now();
  self->send(deps.governor, PermitWanted{page_.job_id, page_.request.offset, page_.stride});
}

void HunterFetcherState::extend(const LeaseExtended& msg) {
  if (page_.job_id == msg.job_id)
    page_.valid_until = std::max(page_.valid_until, msg.valid_until);
}

void HunterFetcherState::abandon(const AbandonPage& msg) {
  if (phase_ == Phase::idle || !is_mine(msg.job_id, msg.offset))
    return;
  if (phase_ == Phase::awaiting_permit || phase_ == Phase::backing_off)
    return give_back();
  abandoned_ = true;
}

void HunterFetcherState::granted(const PermitGranted& msg) {
  if (phase_ != Phase::awaiting_permit || !is_mine(msg.job_id, msg.offset))
    return self->send(deps.governor, PermitReturned{msg.permit});
  if (self->clock().now() >= page_.valid_until) { // the job may be someone else's by now
    self->send(deps.governor, PermitReturned{msg.permit});
    return give_back();
  }
  if (self->clock().now() >= msg.until) { // it came too late to keep to the pace
    self->send(deps.governor, PermitReturned{msg.permit});
    return ask_permit();
  }
  const std::chrono::duration<double> waited = self->clock().now() - asked_permit_at_;
  deps.metrics->limiter_wait.Observe(waited.count());
  phase_ = Phase::on_the_wire;
  permit_ = msg.permit;
  ++tries_;
  deps.metrics->in_flight.Increment();
  deps.api->search(page_.request, [me = HunterFetcherActor{self}, job_id = page_.job_id,
                                   offset = page_.request.offset](ApiAnswer answer) {
    caf::anon_send(me, PageAnswered{job_id, offset, std::move(answer)});
  });
}

void HunterFetcherState::answered(PageAnswered& msg) {
  auto& answer = msg.answer;
  auto& metrics = *deps.metrics;
  metrics.in_flight.Decrement();
  metrics.count_request(answer.status);
  metrics.request_duration.Observe(std::chrono::duration<double>{answer.duration}.count());
  metrics.response_bytes.Increment(static_cast<double>(answer.body.view().size()));
  const auto verdict = classify(*deps.profile, answer);
  report_permit(verdict, answer.transport == ApiAnswer::Transport::answered);
  if (verdict.verdict != AnswerClass::Verdict::page)
    return act_on(verdict);
  phase_ = Phase::idle;
  self->send(coordinator_, PageFetched{msg.job_id, msg.offset, std::move(answer.body)});
}

/// An ambiguous answer is reported once the account has settled what it means.
void HunterFetcherState::report_permit(const AnswerClass& verdict, bool answered) {
  using Outcome = PermitSpent::Outcome;
  if (verdict.verdict == AnswerClass::Verdict::ask_account)
    return;
  const bool refused =
    verdict.verdict == AnswerClass::Verdict::retry && verdict.code == Errc::api_throttled;
  self->send(deps.governor, PermitSpent{permit_,
                                        refused    ? Outcome::refused
                                        : answered ? Outcome::honoured
                                                   : Outcome::unknown,
                                        verdict.wait});
}

void HunterFetcherState::act_on(const AnswerClass& verdict) {
  if (verdict.code == Errc::api_throttled)
    deps.metrics->throttled.Increment();
  switch (verdict.verdict) {
  case AnswerClass::Verdict::retry:
    return back_off(verdict);
  case AnswerClass::Verdict::ask_account:
    return ask_account(verdict);
  case AnswerClass::Verdict::plan_cap:
    return fail({verdict.code, verdict.reason}, verdict.plan_cap);
  case AnswerClass::Verdict::give_up:
    if (verdict.code == Errc::key_rejected) // of this page alone, or of all?
      return ask_account(verdict);
    break;
  case AnswerClass::Verdict::page:
    break;
  }
  fail({verdict.code, verdict.reason});
}

void HunterFetcherState::ask_account(const AnswerClass& ambiguous) {
  phase_ = Phase::asking_account;
  ambiguous_ = ambiguous;
  deps.api->account([me = HunterFetcherActor{self}, job_id = page_.job_id,
                     offset = page_.request.offset](Result<ApiAccount> account) {
    caf::anon_send(
      me,
      AccountAnswered{job_id, offset, account ? std::optional{std::move(*account)} : std::nullopt});
  });
}

void HunterFetcherState::account_answered(const AccountAnswered& msg) {
  if (msg.account)
    deps.metrics->set_credits(*msg.account);
  if (ambiguous_.code == Errc::key_rejected)
    return fail({msg.account ? Errc::api_rejected : Errc::key_rejected, ambiguous_.reason});
  const auto settled = classify_by_account(ambiguous_, msg.account ? &*msg.account : nullptr);
  report_permit(settled, true);
  if (settled.verdict == AnswerClass::Verdict::retry)
    return back_off(settled);
  fail({settled.code, settled.reason});
}

void HunterFetcherState::back_off(const AnswerClass& verdict) {
  if (abandoned_)
    return give_back();
  if (tries_ >= deps.max_tries)
    return fail({verdict.code, tries_ > 1
                                 ? verdict.reason + " (after " + std::to_string(tries_) + " tries)"
                                 : verdict.reason});
  phase_ = Phase::backing_off;
  const auto wait = std::max(page_backoff(tries_), verdict.wait);
  deps.metrics->count_retry(verdict.code);
  deps.metrics->backoff_seconds.Increment(std::chrono::duration<double>{wait}.count());
  self->send(coordinator_, PageDelayed{page_.job_id, page_.request.offset, wait,
                                       Error{verdict.code, verdict.reason}});
  self->delayed_send(self, wait, RetryDue{++backoff_generation_});
}

void HunterFetcherState::retry_due(const RetryDue& msg) {
  if (phase_ == Phase::backing_off && msg.generation == backoff_generation_)
    ask_permit();
}

void HunterFetcherState::check_account(SuspensionReason reason) {
  phase_ = Phase::checking_account;
  coordinator_ = caf::actor_cast<JobCoordinatorActor>(self->current_sender());
  deps.api->account([me = HunterFetcherActor{self}, reason](Result<ApiAccount> account) {
    AccountChecked answer{reason, std::nullopt, std::nullopt};
    if (account)
      answer.account = std::move(*account);
    else
      answer.error = account.error();
    caf::anon_send(me, AccountRead{std::move(answer)});
  });
}

void HunterFetcherState::account_read(AccountRead& msg) {
  phase_ = Phase::idle;
  if (msg.answer.account)
    deps.metrics->set_credits(*msg.answer.account);
  self->send(coordinator_, AccountChecked{std::move(msg.answer)});
}

void HunterFetcherState::give_back() {
  phase_ = Phase::idle;
  self->send(coordinator_, PageAbandoned{page_.job_id, page_.request.offset});
}

void HunterFetcherState::fail(Error error, std::uint32_t plan_cap) {
  phase_ = Phase::idle;
  self->send(coordinator_,
             PageFailed{page_.job_id, page_.request.offset, std::move(error), plan_cap});
}

} // namespace gleaner
