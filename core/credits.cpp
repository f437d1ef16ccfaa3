#include "core/credits.hpp"

#include <algorithm>
#include <cmath>

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

} // namespace gleaner
