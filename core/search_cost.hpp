#pragma once

#include <cstdint>

namespace gleaner {

/// What a search page costs.
struct SearchCost {
  enum class Per : std::uint8_t {
    contacts, ///< A credit for each `contacts_per_credit` that came, rounded up; none for none.
    request   ///< `credits_per_request`, whatever came.
  };
  Per per = Per::contacts;
  std::uint32_t contacts_per_credit = 10; ///< 1..1000.
  double credits_per_request = 1;         ///< Above 0, up to 1000.

  /// Credits for a page of so many contacts.
  double credits_for(std::uint32_t contacts) const;
  /// The most that a page of `page_size` can cost: credits to hold back before it is asked for.
  double most_credits(std::uint32_t page_size) const { return credits_for(page_size); }
};

} // namespace gleaner
