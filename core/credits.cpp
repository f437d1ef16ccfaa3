#include "core/credits.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace gleaner {

std::uint32_t rows_within(std::uint32_t credits, std::uint32_t page_size, const SearchCost& cost) {
  const auto of_page = cost.most_credits(page_size);
  constexpr double most_pages = 1e6;
  const auto pages = of_page > 0 ? std::min(std::floor(credits / of_page), most_pages) : most_pages;
  const auto rest = credits - pages * of_page;
  auto further = page_size;
  while (further > 0 && cost.credits_for(further) > rest)
    --further;
  return static_cast<std::uint32_t>(pages) * page_size + further;
}

SpendingStop reached_cap(const CreditState& credits, const CreditCaps& caps, double page_cost) {
  const auto is_over = [&](double rest) { return rest + credits.reserved < page_cost; };
  if (caps.per_day && is_over(*caps.per_day - credits.spent_today))
    return SpendingStop::per_day;
  if (caps.per_month && is_over(*caps.per_month - credits.spent_this_month))
    return SpendingStop::per_month;
  if (caps.floor && credits.remaining && is_over(*credits.remaining - *caps.floor))
    return SpendingStop::floor;
  return SpendingStop::none;
}

std::string show_credits(std::optional<double> credits) {
  if (!credits)
    return "-";
  std::array<char, 512> digits; // room for any double
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *credits,
                                 std::chars_format::fixed, 3)
                     .ptr;
  std::string text{digits.data(), end};
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.'))
    text.pop_back();
  return text == "-0" ? "0" : text;
}

Error why_stopped(const CreditState& credits, const CreditCaps& caps) {
  const auto cap = [](const std::optional<std::uint32_t>& most) {
    return std::to_string(most.value_or(0)) + " credits";
  };
  switch (credits.stop) {
  case SpendingStop::per_day:
    return {Errc::quota_exhausted, "the cap of " + cap(caps.per_day) + " a day is reached"};
  case SpendingStop::per_month:
    return {Errc::quota_exhausted, "the cap of " + cap(caps.per_month) + " a month is reached"};
  case SpendingStop::floor:
    return {Errc::quota_exhausted, "the account is at its floor of " + cap(caps.floor)};
  case SpendingStop::drained:
  case SpendingStop::none:
    break;
  }
  return {Errc::key_drained, "the key is out of use until `gleaner keys resume`"};
}

} // namespace gleaner
