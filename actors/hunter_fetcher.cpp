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
    [self](const CheckAccount& msg) { self->state.check_account(msg); },
    [self](const PermitGranted& msg) { self->state.granted(msg); },
    [self](const PermitDenied& msg) { self->state.denied(msg); },
    [self](const PermitDelayed& msg) { self->state.permit_delayed(msg); },
    [self](PageAnswered& msg) { self->state.answered(msg); },
    [self](const CountAnswered& msg) { self->state.count_answered(msg); },
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
  channel_ = channel(page_.key);
  coordinator_ = caf::actor_cast<JobCoordinatorActor>(self->current_sender());
  abandoned_ = false;
  tries_ = 0;
  if (!page_.count_first)
    return ask_permit();
  self->delayed_send(self, longest_count_wait, RetryDue{++timer_generation_});
  ask_count_permit();
}

void HunterFetcherState::ask_permit() {
  phase_ = Phase::awaiting_permit;
  asked_permit_at_ = self->clock().now();
  self->send(channel_.governor,
             PermitWanted{page_.job_id, page_.request.offset, page_.stride, page_.request.limit});
}

void HunterFetcherState::extend(const LeaseExtended& msg) {
  if (page_.job_id == msg.job_id)
    page_.valid_until = std::max(page_.valid_until, msg.valid_until);
}

void HunterFetcherState::abandon(const AbandonPage& msg) {
  if (phase_ == Phase::idle || !is_mine(msg.job_id, msg.offset))
    return;
  if (phase_ == Phase::awaiting_count_permit)
    self->send(channel_.count_governor, CountUnwanted{page_.job_id});
  if (phase_ == Phase::awaiting_count_permit || phase_ == Phase::awaiting_permit ||
      phase_ == Phase::backing_off)
    return give_back();
  abandoned_ = true;
}

void HunterFetcherState::granted(const PermitGranted& msg) {
  const auto governor = caf::actor_cast<RateGovernorActor>(self->current_sender());
  const bool counts = phase_ == Phase::awaiting_count_permit;
  const auto& asked = counts ? channel_.count_governor : channel_.governor;
  if ((phase_ != Phase::awaiting_permit && !counts) || governor != asked ||
      !is_mine(msg.job_id, msg.offset))
    return self->send(governor, PermitReturned{msg.permit});
  if (self->clock().now() >= page_.valid_until) { // the job may be someone else's by now
    self->send(governor, PermitReturned{msg.permit});
    return give_back();
  }
  if (self->clock().now() >= msg.until) { // it came too late to keep to the pace
    self->send(governor, PermitReturned{msg.permit});
    return counts ? ask_count_permit() : ask_permit();
  }
  if (counts)
    return count(msg.permit);
  const std::chrono::duration<double> waited = self->clock().now() - asked_permit_at_;
  channel_.metrics->limiter_wait.Observe(waited.count());
  phase_ = Phase::on_the_wire;
  permit_ = msg.permit;
  page_.request.resends = tries_++;
  channel_.metrics->in_flight.Increment();
  channel_.api->search(page_.request, std::min(msg.until, page_.valid_until),
                       [me = HunterFetcherActor{self}, job_id = page_.job_id,
                        offset = page_.request.offset](ApiAnswer answer) {
                         caf::anon_send(me, PageAnswered{job_id, offset, std::move(answer)});
                       });
}

bool HunterFetcherState::awaits_permit(const JobId& job_id, std::uint32_t offset) const {
  return (phase_ == Phase::awaiting_permit || phase_ == Phase::awaiting_count_permit) &&
         is_mine(job_id, offset);
}

void HunterFetcherState::denied(const PermitDenied& msg) {
  if (awaits_permit(msg.job_id, msg.offset))
    fail(msg.error, 0, msg.wait);
}

void HunterFetcherState::permit_delayed(const PermitDelayed& msg) {
  if (!awaits_permit(msg.job_id, msg.offset))
    return;
  if (phase_ == Phase::awaiting_count_permit)
    search_uncounted();
  else
    self->send(coordinator_, PageWaits{msg.job_id, msg.offset, msg.wait, msg.in_trouble});
}

void HunterFetcherState::answered(PageAnswered& msg) {
  auto& answer = msg.answer;
  auto& metrics = *channel_.metrics;
  metrics.in_flight.Decrement();
  if (answer.transport == ApiAnswer::Transport::unsent)
    return unsent();
  if (answer.transport == ApiAnswer::Transport::node_lost)
    return node_lost();
  metrics.count_request(answer.status);
  metrics.request_duration.Observe(std::chrono::duration<double>{answer.duration}.count());
  metrics.response_bytes.Increment(static_cast<double>(answer.body.view().size()));
  auto verdict = classify(*deps.profile, answer);
  if (answer.key_is_old && verdict.verdict != AnswerClass::Verdict::page)
    verdict = {AnswerClass::Verdict::retry,
               Errc::api_unavailable,
               {},
               0,
               verdict.reason + " (of a key that was replaced meanwhile)",
               {}};
  using Transport = ApiAnswer::Transport;
  if (answer.transport == Transport::tls_failed ||
      answer.transport == Transport::address_refused) // nothing was sent
    self->send(channel_.governor, PermitReturned{permit_});
  else
    report_permit(verdict, answer.transport == Transport::answered ||
                             answer.transport == Transport::too_large);
  if (verdict.verdict != AnswerClass::Verdict::page)
    return act_on(verdict);
  phase_ = Phase::idle;
  self->send(coordinator_, PageFetched{msg.job_id, msg.offset, std::move(answer.body), permit_,
                                       answer.normalized});
}

/// No try, and no answer: the page goes back to who knows what to do with it now.
void HunterFetcherState::unsent() {
  self->send(channel_.governor, PermitReturned{permit_});
  give_back();
}

/// Another node gets it at once.
void HunterFetcherState::node_lost() {
  self->send(channel_.governor,
             PermitSpent{permit_, PermitSpent::Outcome::lost, {}, false, page_.request.domain});
  give_back();
}

/// An ambiguous answer is reported once the account has settled what it means.
void HunterFetcherState::report_permit(const AnswerClass& verdict, bool answered) {
  using Outcome = PermitSpent::Outcome;
  if (verdict.verdict == AnswerClass::Verdict::ask_account)
    return;
  auto outcome = answered ? Outcome::honoured : Outcome::unknown;
  if (answered && verdict.verdict == AnswerClass::Verdict::retry)
    outcome = verdict.code == Errc::api_throttled ? Outcome::refused : Outcome::failed;
  const bool is_page = verdict.verdict == AnswerClass::Verdict::page;
  self->send(channel_.governor,
             PermitSpent{permit_, outcome, verdict.wait, is_page, page_.request.domain});
}

void HunterFetcherState::act_on(const AnswerClass& verdict) {
  if (verdict.code == Errc::api_throttled)
    channel_.metrics->throttled.Increment();
  channel_.metrics->count_problem(verdict.code);
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

void HunterFetcherState::back_off(const AnswerClass& verdict) {
  if (abandoned_)
    return give_back();
  if (tries_ >= deps.max_tries)
    return fail({verdict.code, tries_ > 1
                                 ? verdict.reason + " (after " + std::to_string(tries_) + " tries)"
                                 : verdict.reason});
  phase_ = Phase::backing_off;
  const auto wait = std::max(page_backoff(tries_), verdict.wait);
  channel_.metrics->count_retry(verdict.code);
  channel_.metrics->backoff_seconds.Increment(std::chrono::duration<double>{wait}.count());
  self->send(coordinator_, PageDelayed{page_.job_id, page_.request.offset, wait,
                                       Error{verdict.code, verdict.reason}});
  self->delayed_send(self, wait, RetryDue{++timer_generation_});
}

void HunterFetcherState::retry_due(const RetryDue& msg) {
  if (msg.generation != timer_generation_)
    return;
  if (phase_ == Phase::backing_off)
    ask_permit();
  else if (phase_ == Phase::awaiting_count_permit)
    search_uncounted();
}

void HunterFetcherState::give_back() {
  phase_ = Phase::idle;
  self->send(coordinator_, PageAbandoned{page_.job_id, page_.request.offset});
}

void HunterFetcherState::fail(Error error, std::uint32_t plan_cap, std::chrono::milliseconds wait) {
  phase_ = Phase::idle;
  self->send(coordinator_,
             PageFailed{page_.job_id, page_.request.offset, std::move(error), plan_cap, wait});
}

} // namespace gleaner
