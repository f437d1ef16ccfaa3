#include "core/answer_class.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string_view>

namespace gleaner {

namespace {

using std::chrono::seconds;
using Verdict = AnswerClass::Verdict;

constexpr seconds longest_throttle{120};
constexpr seconds shortest_quota{3600};

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

template <std::size_t N>
bool mentions(const std::string& text, const std::array<std::string_view, N>& phrases) {
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](auto phrase) { return text.find(phrase) != std::string::npos; });
}

constexpr std::array<std::string_view, 6> quota_words{
  "billing period", "monthly limit", "quota", "credits", "upgrade your", "usage limit"};
constexpr std::array<std::string_view, 5> pace_words{"per second", "per minute", "rate limit",
                                                     "slow down", "too fast"};
constexpr std::array<std::string_view, 4> permission_words{"plan", "oauth", "permission",
                                                           "not allowed"};

std::string describe_answer(const ApiAnswer& answer) {
  std::string text = "HTTP " + std::to_string(answer.status);
  if (!answer.error_id.empty())
    text += ' ' + answer.error_id;
  if (!answer.error_details.empty())
    text += ": " + answer.error_details;
  return text;
}

AnswerClass give_up(Errc code, std::string reason) {
  return {Verdict::give_up, code, {}, 0, std::move(reason)};
}

AnswerClass retry(Errc code, const ApiAnswer& answer, std::string reason) {
  const auto wait = std::min(answer.retry_after.value_or(seconds{0}), longest_throttle);
  return {Verdict::retry, code, wait, 0, std::move(reason)};
}

/// "... limited to 10 email addresses ..." -> 10; 0 when the text says nothing of the kind.
std::uint32_t plan_cap_in(const std::string& details) {
  constexpr std::string_view lead = "limited to ";
  const auto at = details.find(lead);
  if (at == std::string::npos)
    return 0;
  std::uint32_t cap = 0;
  const auto* begin = details.data() + at + lead.size();
  const auto* end = details.data() + details.size();
  const auto [rest, error] = std::from_chars(begin, end, cap);
  const auto follows = std::string_view{rest, static_cast<std::size_t>(end - rest)};
  return error == std::errc{} && follows.starts_with(" email") ? cap : 0;
}

AnswerClass classify_transport(const ApiAnswer& answer) {
  switch (answer.transport) {
  case ApiAnswer::Transport::too_large:
    return give_up(Errc::body_too_large, answer.problem);
  case ApiAnswer::Transport::answered:
  case ApiAnswer::Transport::failed:
  case ApiAnswer::Transport::timed_out:
  case ApiAnswer::Transport::tls_failed:
    break;
  }
  return {Verdict::retry, Errc::api_unavailable, {}, 0, answer.problem};
}

/// 403 and 429 that neither text nor error id has settled.
AnswerClass classify_throttle(const ApiAnswer& answer, const std::string& details) {
  const auto wait = answer.retry_after;
  if (wait && *wait >= shortest_quota)
    return give_up(Errc::quota_exhausted, describe_answer(answer));
  const bool paced = (wait && *wait <= longest_throttle) || mentions(details, pace_words);
  if (paced || (answer.status == 403 && !wait))
    return retry(Errc::api_throttled, answer, describe_answer(answer));
  return {Verdict::ask_account, Errc::api_throttled, {}, 0, describe_answer(answer)};
}

bool is_permission(const ApiAnswer& answer, const std::string& details) {
  const auto& id = answer.error_id;
  return id == "forbidden" || (id.starts_with("no_") && id.ends_with("_access")) ||
         mentions(details, permission_words);
}

AnswerClass classify_client_error(const ApiAnswer& answer, const std::string& details) {
  const auto reason = describe_answer(answer);
  const auto status = answer.status;
  if (status == 401)
    return give_up(Errc::key_rejected, reason);
  if (status == 451)
    return give_up(Errc::legal_block, reason);
  if (status == 400 && answer.error_id == "pagination_error")
    if (const auto cap = plan_cap_in(details); cap > 0)
      return {Verdict::plan_cap, Errc::api_rejected, {}, cap, reason};
  if (answer.error_id == "restricted_account")
    return give_up(Errc::account_restricted, reason);
  const bool may_be_quota = status == 402 || status == 403 || status == 429;
  if (status == 402 || (may_be_quota && mentions(details, quota_words)))
    return give_up(Errc::quota_exhausted, reason);
  if (status == 403 && is_permission(answer, details))
    return give_up(Errc::api_rejected, reason);
  if (status == 403 || status == 429)
    return classify_throttle(answer, details);
  if (status == 408)
    return retry(Errc::api_unavailable, answer, reason);
  return give_up(Errc::api_rejected, reason);
}

} // namespace

AnswerClass classify(const ApiAnswer& answer) {
  if (answer.transport != ApiAnswer::Transport::answered)
    return classify_transport(answer);
  const auto status = answer.status;
  if (status == 200)
    return {Verdict::page, Errc::internal, {}, 0, {}};
  if (status >= 500)
    return retry(Errc::api_unavailable, answer, describe_answer(answer));
  if (status >= 300 && status < 400)
    return give_up(Errc::api_rejected, describe_answer(answer) + ": redirects are not followed");
  if (status < 300)
    return give_up(Errc::api_rejected, describe_answer(answer) + ": not a search result");
  if (status == 403 && !answer.is_json)
    return give_up(Errc::api_blocked, "HTTP 403 without JSON: an edge proxy blocks this client");
  return classify_client_error(answer, lower(answer.error_details));
}

AnswerClass classify_by_account(const AnswerClass& ambiguous, const ApiAccount* account) {
  auto settled = ambiguous;
  const bool empty = account && account->credits_remaining && *account->credits_remaining <= 0;
  settled.verdict = empty ? Verdict::give_up : Verdict::retry;
  settled.code = empty ? Errc::quota_exhausted : Errc::api_throttled;
  if (empty && !account->reset_date.empty())
    settled.reason += " (no credits left until " + account->reset_date + ")";
  return settled;
}

} // namespace gleaner
