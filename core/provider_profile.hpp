#pragma once

#include "core/answer_rule.hpp"
#include "core/config.hpp"

#include <cstdint>
#include <string>
#include <vector>

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

/// What is true of a provider of contacts, as data: read from a file that is checked as a whole
/// (adapters/profile), never changed afterwards. No default is usable: it has no rules.
struct ProviderProfile {
  std::string name;
  std::vector<RateWindow> search_windows; ///< Requests for pages that a key may send; none: any.
  std::vector<RateWindow> count_windows;  ///< The same for the count of a domain's contacts.
  std::uint32_t page_size = 100;          ///< Contacts asked for per page, unless set.
  std::uint32_t page_size_most = 100;     ///< The most that it serves.
  SearchCost cost;
  std::vector<AnswerRule> rules; ///< The first that takes an answer decides.
};

} // namespace gleaner
