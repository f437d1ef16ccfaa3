#pragma once

#include <array>
#include <string_view>

namespace gleaner::sim {

/// A name as it is shown (JSON-escaped) and as it stands in an address.
struct Name {
  std::string_view shown;
  std::string_view ascii;
};

/// A position, escaped for JSON, with the long form that stood on the page.
struct Position {
  std::string_view title;
  std::string_view raw;
};

extern const std::array<Name, 48> first_names;
extern const std::array<Name, 64> last_names;
extern const std::array<Position, 24> positions;
extern const std::array<std::string_view, 14> departments;
extern const std::array<std::string_view, 3> seniorities;
extern const std::array<std::string_view, 16> roles;
extern const std::array<std::string_view, 8> source_paths;
extern const std::array<std::string_view, 8> source_hosts;

/// A day between 2024-01-01 and 2026-06-30 as YYYY-MM-DD.
std::string_view day(std::uint32_t number);
inline constexpr unsigned days = 896;

} // namespace gleaner::sim
