#include "actors/hunter_fetcher.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <string_view>
#include <utility>

/// The part of HunterFetcher that asks what costs nothing: the count of a domain and the account.
namespace gleaner {

namespace {

/// A page of a domain without contacts, as the API would send it.
constexpr std::string_view nobody = R"({"data":{"emails":[]},"meta":{"results":0}})";

} // namespace

void HunterFetcherState::ask_count_permit() {
  phase_ = Phase::awaiting_count_permit;
  self->send(channel_.count_governor,
             PermitWanted{page_.job_id, page_.request.offset, page_.stride, 0});
}

void HunterFetcherState::search_uncounted() {
  self->send(channel_.count_governor, CountUnwanted{page_.job_id});
  ask_permit();
}

void HunterFetcherState::count(const Permit& permit) {
  phase_ = Phase::counting;
  permit_ = permit;
  channel_.api->count(
    page_.request.domain,
    [me = HunterFetcherActor{self}, job_id = page_.job_id, offset = page_.request.offset](
      const Result<std::uint32_t>& contacts, std::chrono::milliseconds wait) {
      const bool throttled = !contacts && contacts.error().code == Errc::api_throttled;
      const auto known = contacts ? std::optional{*contacts} : std::nullopt;
      caf::anon_send(me, CountAnswered{job_id, offset, known, throttled, wait});
    });
}

/// A count that can't be had is no reason not to search.
void HunterFetcherState::count_answered(const CountAnswered& msg) {
  using Outcome = PermitSpent::Outcome;
  self->send(channel_.count_governor, PermitSpent{permit_,
                                                  msg.throttled  ? Outcome::refused
                                                  : msg.contacts ? Outcome::honoured
                                                                 : Outcome::unknown,
                                                  msg.wait, false, page_.request.domain});
  if (msg.throttled)
    channel_.metrics->throttled.Increment();
  if (abandoned_)
    return give_back();
  if (msg.contacts != 0u)
    return ask_permit();
  phase_ = Phase::idle;
  channel_.metrics->requests_saved_by_count.Increment();
  self->send(coordinator_,
             PageFetched{msg.job_id, msg.offset, SharedBody{std::string{nobody}}, Permit{}});
}

void HunterFetcherState::ask_account(const AnswerClass& ambiguous) {
  phase_ = Phase::asking_account;
  ambiguous_ = ambiguous;
  channel_.api->recent_account([me = HunterFetcherActor{self}, job_id = page_.job_id,
                                offset = page_.request.offset](Result<ApiAccount> account) {
    caf::anon_send(
      me,
      AccountAnswered{job_id, offset, account ? std::optional{std::move(*account)} : std::nullopt});
  });
}

void HunterFetcherState::account_answered(const AccountAnswered& msg) {
  if (msg.account)
    channel_.metrics->set_credits(*msg.account);
  if (ambiguous_.verdict == AnswerClass::Verdict::give_up)
    return fail({msg.account ? Errc::api_rejected : ambiguous_.code, ambiguous_.reason});
  const auto settled = classify_by_account(ambiguous_, msg.account ? &*msg.account : nullptr);
  report_permit(settled, true);
  if (settled.verdict == AnswerClass::Verdict::retry)
    return back_off(settled);
  fail({settled.code, settled.reason});
}

void HunterFetcherState::check_account(const CheckAccount& msg) {
  channel_ = channel(msg.key);
  phase_ = Phase::checking_account;
  coordinator_ = caf::actor_cast<JobCoordinatorActor>(self->current_sender());
  channel_.api->account([me = HunterFetcherActor{self}, msg](Result<ApiAccount> account) {
    AccountChecked answer{msg.key, msg.reason, std::nullopt, std::nullopt};
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
    channel(msg.answer.key).metrics->set_credits(*msg.answer.account);
  self->send(coordinator_, AccountChecked{std::move(msg.answer)});
}

} // namespace gleaner
