#include "tests/simulator/page_renderer.hpp"
#include "tests/simulator/random.hpp"

#include <algorithm>
#include <array>

namespace gleaner::sim {

namespace {

constexpr std::array<std::string_view, 7> webmail_domains{
  "gmail.com", "yahoo.com", "outlook.com", "hotmail.com", "icloud.com", "aol.com", "gmx.de"};

bool looks_like_domain(std::string_view text) {
  return text.find('.') != std::string_view::npos && text.size() <= 253 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                  c == '_';
         });
}

/// Every tenth row from 100 on is the same person as 100 rows before.
std::uint32_t original_of(std::uint32_t row) {
  return row % 10 == 0 ? row % 100 : row;
}

} // namespace

DomainView view_domain(std::uint64_t seed, std::string_view domain) {
  DomainView view;
  view.traits = traits_of(domain);
  view.company = company_of(seed, domain, view.traits.contacts);
  view.webmail = view.traits.webmail || std::find(webmail_domains.begin(), webmail_domains.end(),
                                                  domain) != webmail_domains.end();
  if (view.webmail || view.traits.unknown || !looks_like_domain(domain))
    view.company.people = 0;
  return view;
}

FoundRows find_rows(const DomainView& view, const SearchQuery& query, const Switches& switches) {
  const bool duplicates = view.traits.duplicates || switches.duplicates;
  const bool short_pages = view.traits.short_pages || switches.short_pages;
  FoundRows found;
  const auto add = [&](std::uint32_t position, std::uint32_t row) {
    if (!short_pages || position % 100 < 93)
      found.rows.push_back(duplicates ? original_of(row) : row);
  };
  const auto end = query.offset + query.limit;
  if (query.filter.active()) {
    for (std::uint32_t row = 0; row < view.company.people; ++row) {
      if (!query.filter.matches(person_at(view.company, row, switches.nulls)))
        continue;
      if (found.total >= query.offset && found.total < end)
        add(found.total, row);
      ++found.total;
    }
  } else {
    found.total = view.company.people;
    for (auto row = query.offset; row < std::min(end, found.total); ++row)
      add(row, row);
  }
  if ((view.traits.drift || switches.drift) && query.offset > 0 && found.total > 3) {
    const auto dice = mixed(view.company.seed + query.offset);
    const auto by = static_cast<std::uint32_t>(dice % 3 + 1);
    found.total = dice & 8 ? found.total + by : found.total - by;
  }
  return found;
}

} // namespace gleaner::sim
