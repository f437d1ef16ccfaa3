#pragma once

#include "tests/simulator/domain_traits.hpp"
#include "tests/simulator/people.hpp"
#include "tests/simulator/search_query.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gleaner::sim {

/// A domain as a search sees it.
struct DomainView {
  DomainTraits traits;
  Company company; ///< people is 0 when nobody is known.
  bool webmail = false;
};
DomainView view_domain(std::uint64_t seed, std::string_view domain);

/// What a search found: the rows of one page and how many there are in all.
struct FoundRows {
  std::vector<std::uint32_t> rows;
  std::uint32_t total = 0;
};
FoundRows find_rows(const DomainView& view, const SearchQuery& query, const Switches& switches);

/// The body of a domain-search with the keys in the order of the API's own fixture.
std::string render_page(const DomainView& view, const SearchQuery& query, const QueryParams& params,
                        const Switches& switches, const FoundRows& found);

/// Appends one entry of data.emails. @pre `domain` is escaped for JSON
void append_person(std::string& out, const Person& person, const Company& company,
                   std::string_view domain, const Switches& switches, bool decision_maker);

} // namespace gleaner::sim
