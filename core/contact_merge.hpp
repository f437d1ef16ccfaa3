#pragma once

#include "core/contact_list.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace gleaner {

/// Joins the contacts of a job's pages, which may come in any order, into one list without
/// duplicate addresses. The richest record of an address wins and stands where the address first
/// occurs in page order, so the result does not depend on the order of arrival.
class ContactMerge {
public:
  ContactMerge() = default;
  ContactMerge(ContactMerge&&) = default;
  ContactMerge& operator=(ContactMerge&&) = default;
  ContactMerge(const ContactMerge&) = delete; ///< It has views into its own pages.
  ContactMerge& operator=(const ContactMerge&) = delete;
  ~ContactMerge() = default;

  /// Adds a page's contacts; returns how many addresses had not been seen before.
  /// @pre no page of this offset was added
  std::uint32_t add(std::uint32_t offset, ContactList contacts);

  /// How many addresses of these have not been seen before.
  std::uint32_t count_new(const ContactList& contacts) const;

  std::uint32_t distinct() const noexcept { return static_cast<std::uint32_t>(seen_.size()); }
  std::uint32_t duplicates() const noexcept { return rows_ - distinct(); }

  /// Hands over the list and is empty afterwards.
  ContactList take();

private:
  /// A contact, by page and place there: the order of both is the order of the result.
  struct Place {
    std::uint32_t offset = 0;
    std::size_t index = 0;
    bool operator<(const Place& other) const noexcept {
      return std::tie(offset, index) < std::tie(other.offset, other.index);
    }
  };
  struct Record {
    Place first;
    Place best; ///< The richest, of equal ones the first.
  };
  unsigned richness(const Place& place) const;

  std::map<std::uint32_t, ContactList> pages_;
  std::unordered_map<std::string_view, Record> seen_; ///< Views into pages_.
  std::uint32_t rows_ = 0;
};

} // namespace gleaner
