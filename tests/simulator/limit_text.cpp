#include "tests/simulator/switches.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace gleaner::sim {

namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view name;
  milliseconds length;
};
constexpr Unit units[] = {{"ms", milliseconds{1}},
                          {"s", milliseconds{1000}},
                          {"min", milliseconds{60'000}},
                          {"h", milliseconds{3'600'000}}};

[[noreturn]] void refuse(std::string_view text) {
  throw std::invalid_argument("limits: \"" + std::string{text} +
                              "\" is not understood; write e.g. 15/s,500/min or off");
}

std::uint32_t leading_number(std::string_view& text, std::string_view whole) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value == 0)
    refuse(whole);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

LimitWindow parse_window(std::string_view text, std::string_view whole) {
  LimitWindow window;
  window.requests = leading_number(text, whole);
  if (text.empty() || text.front() != '/')
    refuse(whole);
  text.remove_prefix(1);
  const bool counted = !text.empty() && text.front() >= '0' && text.front() <= '9';
  const auto count = counted ? leading_number(text, whole) : 1;
  for (const auto& unit : units)
    if (unit.name == text)
      window.period = unit.length * count;
  if (window.period.count() == 0)
    refuse(whole);
  return window;
}

} // namespace

std::vector<LimitWindow> parse_limits(std::string_view text) {
  std::vector<LimitWindow> limits;
  if (text == "off")
    return limits;
  const auto whole = text;
  for (;;) {
    const auto end = std::min(text.find(','), text.size());
    limits.push_back(parse_window(text.substr(0, end), whole));
    if (end == text.size())
      return limits;
    text.remove_prefix(end + 1);
  }
}

std::string to_string(const std::vector<LimitWindow>& limits) {
  std::string text;
  for (const auto& window : limits) {
    const Unit* best = &units[0];
    for (const auto& unit : units)
      if (window.period % unit.length == milliseconds{0})
        best = &unit;
    const auto count = window.period / best->length;
    text += (text.empty() ? "" : ",") + std::to_string(window.requests) + '/' +
            (count == 1 ? "" : std::to_string(count)) + std::string{best->name};
  }
  return text.empty() ? "off" : text;
}

} // namespace gleaner::sim
