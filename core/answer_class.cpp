#include "core/answer_class.hpp"

#include "core/provider_profile.hpp"

#include <algorithm>
#include <string_view>

namespace gleaner {

namespace {

using std::chrono::seconds;
using Verdict = AnswerClass::Verdict;

/// Of a throttle, and of a server in trouble, whose tries are counted and hold a slot.
constexpr seconds longest_throttle{3600};
constexpr seconds longest_trouble{120};

std::string describe_answer(const ApiAnswer& answer) {
  std::string text = "HTTP " + std::to_string(answer.status);
  if (!answer.error_id.empty())
    text += ' ' + answer.error_id;
  if (!answer.error_details.empty())
    text += ": " + answer.error_details;
  return text;
}

/// The rule's reason with its place holders filled; what is filled in is not looked at again.
std::string filled(std::string_view reason, const ApiAnswer& answer) {
  constexpr std::string_view whole = "{answer}";
  constexpr std::string_view status = "{status}";
  std::string text;
  while (!reason.empty()) {
    if (reason.starts_with(whole)) {
      text += describe_answer(answer);
      reason.remove_prefix(whole.size());
    } else if (reason.starts_with(status)) {
      text += std::to_string(answer.status);
      reason.remove_prefix(status.size());
    } else {
      text += reason.front();
      reason.remove_prefix(1);
    }
  }
  return text;
}

AnswerClass verdict_of(const AnswerRule& rule, const ApiAnswer& answer,
                       std::string_view lower_details) {
  AnswerClass verdict;
  verdict.verdict = rule.verdict;
  verdict.rule = rule.name;
  if (rule.verdict == Verdict::page)
    return verdict;
  verdict.code = rule.code;
  verdict.reason = filled(rule.reason, answer);
  if (rule.verdict == Verdict::retry || rule.verdict == Verdict::ask_account)
    verdict.wait = std::min(answer.retry_after.value_or(seconds{0}),
                            rule.code == Errc::api_throttled ? longest_throttle : longest_trouble);
  if (rule.verdict == Verdict::plan_cap)
    verdict.plan_cap = number_in(rule.cap, lower_details);
  return verdict;
}

AnswerClass classify_transport(const ApiAnswer& answer) {
  const auto again = [&](Errc code) {
    return AnswerClass{Verdict::retry, code, {}, 0, answer.problem, {}};
  };
  switch (answer.transport) {
  case ApiAnswer::Transport::too_large:
    return {Verdict::give_up, Errc::body_too_large, {}, 0, answer.problem, {}};
  case ApiAnswer::Transport::too_slow:
    return again(Errc::body_too_slow);
  case ApiAnswer::Transport::tls_failed:
    return again(Errc::tls_failed);
  case ApiAnswer::Transport::address_refused:
    return again(Errc::address_refused);
  case ApiAnswer::Transport::answered:
  case ApiAnswer::Transport::failed:
  case ApiAnswer::Transport::timed_out:
  case ApiAnswer::Transport::unsent:
  case ApiAnswer::Transport::node_lost:
    break;
  }
  return again(Errc::api_unavailable);
}

} // namespace

AnswerClass classify(const ProviderProfile& profile, const ApiAnswer& answer) {
  if (answer.transport != ApiAnswer::Transport::answered)
    return classify_transport(answer);
  const auto details = ascii_lower_case(answer.error_details);
  for (const auto& rule : profile.rules)
    if (takes(rule, answer, details))
      return verdict_of(rule, answer, details);
  // A profile that was read has a rule for everything.
  return {Verdict::give_up, Errc::internal, {}, 0, describe_answer(answer) + ": no rule", {}};
}

AnswerClass classify_by_account(const AnswerClass& ambiguous, const ApiAccount* account) {
  auto settled = ambiguous;
  const bool empty = account && account->credits_remaining && *account->credits_remaining <= 0;
  settled.verdict = empty ? Verdict::give_up : Verdict::retry;
  settled.wait = empty ? std::chrono::milliseconds{} : ambiguous.wait;
  settled.code = empty ? Errc::quota_exhausted : Errc::api_throttled;
  if (empty && reset_time(*account))
    settled.reason += " (no credits left until " + account->reset_date + ")";
  return settled;
}

} // namespace gleaner
