#pragma once

#include "core/answer_rule.hpp"
#include "core/config.hpp"
#include "core/search_cost.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gleaner {

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
