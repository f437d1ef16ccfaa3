#include "app/setting_values.hpp"

#include "core/rate_windows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace gleaner {

namespace {

using Unit = std::pair<std::string_view, std::uint64_t>;
/// Smallest first; showing takes the largest that leaves no rest.
constexpr std::array<Unit, 4> duration_units{Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60000},
                                             Unit{"h", 3600000}};
constexpr std::array<Unit, 4> size_units{Unit{"B", 1}, Unit{"KiB", 1u << 10}, Unit{"MiB", 1u << 20},
                                         Unit{"GiB", 1u << 30}};

template <std::size_t N>
std::optional<std::uint64_t> parse_with_unit(std::string_view text,
                                             const std::array<Unit, N>& units) {
  std::uint64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{})
    return std::nullopt;
  const std::string_view unit{rest, static_cast<std::size_t>(text.data() + text.size() - rest)};
  constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  for (const auto& [name, factor] : units)
    if (unit == name)
      return number > largest / factor ? std::nullopt : std::optional{number * factor};
  return std::nullopt;
}

template <std::size_t N>
std::string show_with_unit(std::uint64_t value, const std::array<Unit, N>& units) {
  auto best = units.front();
  for (const auto& unit : units)
    if (value >= unit.second && value % unit.second == 0)
      best = unit;
  return std::to_string(value / best.second) + std::string{best.first};
}

std::optional<std::chrono::milliseconds> parse_period(std::string_view text) {
  if (text == "s")
    return std::chrono::seconds{1};
  if (text == "min")
    return std::chrono::minutes{1};
  if (text == "h")
    return std::chrono::hours{1};
  return parse_duration(text);
}

Error refused(std::string_view window, const std::string& why) {
  constexpr std::size_t longest = 60;
  return {Errc::usage, '\'' + std::string{window.substr(0, longest)} + "' " + why};
}

Result<RateWindow> parse_window(std::string_view text) {
  if (text.empty())
    return Error{Errc::usage, "a window is missing; write windows such as 15/s, or off"};
  const auto slash = text.find('/');
  if (slash == std::string_view::npos)
    return refused(text, "has no length; write requests and length, such as 15/s");
  const auto requests = parse_integer(text.substr(0, slash));
  constexpr std::int64_t most = 1000000;
  if (!requests || *requests < 1 || *requests > most)
    return refused(text, "allows no number of requests from 1 to 1000000; write one, or off");
  const auto period = parse_period(text.substr(slash + 1));
  constexpr std::chrono::hours longest{24 * 366};
  if (!period || period->count() < 1 || *period > longest)
    return refused(text, "has no length that can be; write s, min, h or a duration from 1ms to "
                         "8784h after the stroke");
  return RateWindow{static_cast<std::uint32_t>(*requests), *period};
}

} // namespace

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto value = parse_with_unit(text, duration_units);
  if (!value)
    return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::int64_t>(*value)};
}

std::string show_duration(std::chrono::milliseconds duration) {
  return show_with_unit(static_cast<std::uint64_t>(duration.count()), duration_units);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  return parse_with_unit(text, size_units);
}

std::string show_size(std::uint64_t bytes) {
  return show_with_unit(bytes, size_units);
}

Result<std::vector<RateWindow>> parse_limits(std::string_view text) {
  std::vector<RateWindow> windows;
  if (trimmed(text) == "off")
    return windows;
  for (auto comma = text.find(',');; comma = text.find(',')) {
    const auto word = trimmed(text.substr(0, comma));
    const auto window = parse_window(word);
    if (!window)
      return window.error();
    const auto is_second = [&](const auto& other) { return other.period == window->period; };
    if (std::any_of(windows.begin(), windows.end(), is_second))
      return refused(word, "has the length of another window; keep one of them");
    windows.push_back(*window);
    if (comma == std::string_view::npos)
      break;
    text.remove_prefix(comma + 1);
  }
  if (const auto found = find_pointless(windows))
    return refused(show_limits({found->window}),
                   "is never reached since " + show_limits({found->since}) +
                     " allows less; drop the one or correct the other");
  return windows;
}

std::string show_limits(const std::vector<RateWindow>& limits) {
  if (limits.empty())
    return "off";
  std::string text;
  for (const auto& [requests, period] : limits) {
    text += (text.empty() ? "" : ",") + std::to_string(requests) + '/';
    if (period == std::chrono::seconds{1})
      text += "s";
    else if (period == std::chrono::minutes{1})
      text += "min";
    else
      text += show_duration(period);
  }
  return text;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || rest != text.data() + text.size())
    return std::nullopt;
  return number;
}

std::optional<std::uint32_t> parse_mode(std::string_view text) {
  std::uint32_t mode = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (error != std::errc{} || rest != text.data() + text.size() || mode > 0777)
    return std::nullopt;
  return mode;
}

std::string show_mode(std::uint32_t mode) {
  std::string text = "0";
  for (int shift = 6; shift >= 0; shift -= 3)
    text += static_cast<char>('0' + (mode >> shift & 7));
  return text;
}

} // namespace gleaner
