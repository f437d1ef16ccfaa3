#pragma once

#include "core/contact.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

namespace gleaner {

/// Joins the contacts of a job's pages, which may come in any order, into one list without
/// duplicate addresses. The richest record of an address wins and stands where the address first
/// occurs in page order, so the result does not depend on the order of arrival.
class ContactMerge {
public:
  /// Adds a page's contacts; returns how many addresses had not been seen before.
  std::uint32_t add(std::uint32_t offset, std::vector<Contact> contacts);

  /// How many addresses of these have not been seen before.
  std::uint32_t count_new(const std::vector<Contact>& contacts) const;

  std::uint32_t distinct() const noexcept { return static_cast<std::uint32_t>(seen_.size()); }
  std::uint32_t duplicates() const noexcept { return rows_ - distinct(); }

  /// Hands over the list and is empty afterwards.
  std::vector<Contact> take();

private:
  std::map<std::uint32_t, std::vector<Contact>> pages_;
  std::unordered_set<std::string> seen_;
  std::uint32_t rows_ = 0;
};

} // namespace gleaner
