#include "core/contact_merge.hpp"

#include "core/normalize.hpp"

#include <string_view>
#include <unordered_map>
#include <utility>

namespace gleaner {

std::uint32_t ContactMerge::add(std::uint32_t offset, std::vector<Contact> contacts) {
  const auto before = distinct();
  for (const auto& contact : contacts)
    seen_.insert(contact.email);
  rows_ += static_cast<std::uint32_t>(contacts.size());
  pages_[offset] = std::move(contacts);
  return distinct() - before;
}

std::uint32_t ContactMerge::count_new(const std::vector<Contact>& contacts) const {
  std::unordered_set<std::string_view> fresh;
  for (const auto& contact : contacts)
    if (!seen_.contains(contact.email))
      fresh.insert(contact.email);
  return static_cast<std::uint32_t>(fresh.size());
}

std::vector<Contact> ContactMerge::take() {
  std::vector<Contact> merged;
  merged.reserve(seen_.size());
  std::unordered_map<std::string, std::size_t> places;
  places.reserve(seen_.size());
  for (auto& [offset, contacts] : pages_)
    for (auto& contact : contacts) {
      const auto [place, is_new] = places.try_emplace(contact.email, merged.size());
      if (is_new)
        merged.push_back(std::move(contact));
      else if (richness(contact) > richness(merged[place->second]))
        merged[place->second] = std::move(contact);
    }
  *this = ContactMerge{};
  return merged;
}

} // namespace gleaner
