#include "core/contact_merge.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

namespace gleaner {

unsigned ContactMerge::richness(const Place& place) const {
  return pages_.at(place.offset).richness(place.index);
}

std::uint32_t ContactMerge::add(std::uint32_t offset, ContactList contacts) {
  const auto before = distinct();
  const auto& page = pages_.try_emplace(offset, std::move(contacts)).first->second;
  rows_ += static_cast<std::uint32_t>(page.size());
  for (std::size_t i = 0; i < page.size(); ++i) {
    const Place place{offset, i};
    const auto [entry, is_new] = seen_.try_emplace(page.email(i), Record{place, place});
    if (is_new)
      continue;
    auto& [first, best] = entry->second;
    first = std::min(first, place);
    const auto one = richness(place), other = richness(best);
    if (one > other || (one == other && place < best))
      best = place;
  }
  return distinct() - before;
}

std::uint32_t ContactMerge::count_new(const ContactList& contacts) const {
  std::unordered_set<std::string_view> fresh;
  for (std::size_t i = 0; i < contacts.size(); ++i)
    if (!seen_.contains(contacts.email(i)))
      fresh.insert(contacts.email(i));
  return static_cast<std::uint32_t>(fresh.size());
}

ContactList ContactMerge::take() {
  ContactList merged;
  if (duplicates() == 0) {
    for (const auto& [offset, page] : pages_)
      merged.append(page);
  } else {
    std::vector<Record> records;
    records.reserve(seen_.size());
    for (const auto& [email, record] : seen_)
      records.push_back(record);
    std::sort(records.begin(), records.end(),
              [](const Record& a, const Record& b) { return a.first < b.first; });
    for (const auto& [first, best] : records)
      merged.append(pages_.at(best.offset), best.index);
  }
  *this = ContactMerge{};
  return merged;
}

} // namespace gleaner
