#include "core/credits.hpp"

#include <algorithm>
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
