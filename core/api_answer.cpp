#include "core/api_answer.hpp"

#include <charconv>
#include <chrono>
#include <string_view>
#include <system_error>

namespace gleaner {

namespace {

std::optional<int> read_number(std::string_view text) {
  int number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && rest == text.data() + text.size() ? std::optional{number}
                                                                   : std::nullopt;
}

} // namespace

std::optional<std::int64_t> reset_time(const ApiAccount& account) {
  const std::string_view date{account.reset_date};
  if (date.size() != 10 || date[4] != '-' || date[7] != '-')
    return std::nullopt;
  const auto year = read_number(date.substr(0, 4));
  const auto month = read_number(date.substr(5, 2));
  const auto day = read_number(date.substr(8, 2));
  if (!year || !month || !day || *year < 0 || *month < 0 || *day < 0)
    return std::nullopt;
  using namespace std::chrono;
  const year_month_day ymd{std::chrono::year{*year},
                           std::chrono::month(static_cast<unsigned>(*month)),
                           std::chrono::day(static_cast<unsigned>(*day))};
  if (!ymd.ok())
    return std::nullopt;
  return duration_cast<seconds>(sys_days{ymd}.time_since_epoch()).count();
}

std::string show_reset(const ApiAccount& account) {
  return account.reset_date.empty() || reset_time(account) ? account.reset_date : "unreadable";
}

bool has_no_credits(const ApiAccount& account) {
  if (account.standing == AccountStanding::incomplete ||
      account.standing == AccountStanding::frozen)
    return true;
  return account.credits_remaining.value_or(1) <= 0 && !account.remaining_is_estimate;
}

std::string why_no_credits(const ApiAccount& account) {
  if (account.standing == AccountStanding::frozen)
    return "the account is frozen; ask the provider";
  if (account.standing == AccountStanding::incomplete)
    return "the account's registration is not complete; finish it at the provider's site";
  return "the account has no credits left";
}

} // namespace gleaner
