#pragma once

#include "tests/simulator/people.hpp"
#include "tests/simulator/query_params.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gleaner::sim {

/// Which people a search is about. An empty list lets everybody pass.
struct PeopleFilter {
  std::string type;
  std::vector<std::string> seniority, department, verification;
  std::optional<bool> decision_maker;
  bool needs_full_name = false, needs_position = false, needs_phone = false;

  bool active() const;
  bool matches(const Person& person) const;
};

/// The checked parameters of a domain-search.
struct SearchQuery {
  std::string domain; ///< Lower-case; made up from `company` when there is only that.
  std::uint32_t offset = 0;
  std::uint32_t limit = 10;
  PeopleFilter filter;
  bool wants_decision_maker = false;

  /// Page number from 1 on, as faults count.
  std::uint32_t page() const { return offset / limit + 1; }
};

/// The query or the API's refusal of it. `strict`: one bad value in a list spoils it.
std::variant<SearchQuery, Answer> parse_search(const QueryParams& params, bool strict);

/// The domain that is meant, or "" when neither domain nor company is given.
std::string domain_of(const QueryParams& params);

} // namespace gleaner::sim
