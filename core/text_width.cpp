#include "core/text_width.hpp"

#include "core/unicode.hpp"

#include <uniwidth.h>

namespace gleaner {

namespace {

/// Takes the first character off; the columns that it takes up.
std::size_t take_columns(std::string_view& text) noexcept {
  const auto character = take_code_point(text);
  if (!character)
    return 1;
  const int columns = uc_width(*character, "UTF-8"); // -1: a control character
  return columns < 0 ? 1 : static_cast<std::size_t>(columns);
}

} // namespace

std::size_t columns_of(std::string_view text) noexcept {
  std::size_t columns = 0;
  while (!text.empty())
    columns += take_columns(text);
  return columns;
}

std::string cut_to(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns)
    return std::string{text};
  if (columns == 0)
    return {};
  std::size_t taken = 0;
  auto rest = text;
  for (;;) {
    auto after = rest;
    taken += take_columns(after);
    if (taken > columns - 1)
      break;
    rest = after;
  }
  return std::string{text.substr(0, text.size() - rest.size())} + '~';
}

std::string padded(std::string_view text, std::size_t columns, bool right) {
  auto cut = cut_to(text, columns);
  const std::string spaces(columns - columns_of(cut), ' ');
  return right ? spaces + cut : cut + spaces;
}

} // namespace gleaner
