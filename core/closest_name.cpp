#include "core/closest_name.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace gleaner {

namespace {

/// Edits that turn one text into the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

} // namespace

std::string closest_name(std::string_view mistyped, std::span<const std::string_view> names) {
  std::string closest;
  auto least = mistyped.size() / 2 + 1;
  for (const auto name : names)
    if (const auto edits = distance(mistyped, name); edits < least) {
      least = edits;
      closest = name;
    }
  return closest;
}

} // namespace gleaner
