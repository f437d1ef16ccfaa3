#include "core/iso_time.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace gleaner {

std::string iso_time(std::int64_t ms_since_epoch) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds{ms_since_epoch}};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  std::array<char, 64> text{};
  std::snprintf(
    text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text.data();
}

namespace {

/// Reads exactly `digits` digits and, unless it is 0, the character `end` behind them.
std::optional<unsigned> take_number(std::string_view& text, std::size_t digits, char end) {
  unsigned number = 0;
  if (text.size() < digits + (end != 0 ? 1 : 0))
    return std::nullopt;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9')
      return std::nullopt;
    number = number * 10 + static_cast<unsigned>(text[i] - '0');
  }
  if (end != 0 && text[digits] != end)
    return std::nullopt;
  text.remove_prefix(digits + (end != 0 ? 1 : 0));
  return number;
}

} // namespace

std::optional<std::int64_t> parse_iso_time(std::string_view text) {
  using namespace std::chrono;
  const auto year = take_number(text, 4, '-');
  const auto month = year ? take_number(text, 2, '-') : std::nullopt;
  const auto day = month ? take_number(text, 2, 'T') : std::nullopt;
  const auto hour = day ? take_number(text, 2, ':') : std::nullopt;
  const auto minute = hour ? take_number(text, 2, ':') : std::nullopt;
  const auto second = minute ? take_number(text, 2, text.size() > 3 ? '.' : 'Z') : std::nullopt;
  const auto milli = second && !text.empty() ? take_number(text, 3, 'Z')
                     : second                ? std::optional{0u}
                                             : std::nullopt;
  if (!milli || !text.empty() || *hour > 23 || *minute > 59 || *second > 59)
    return std::nullopt;
  const year_month_day date{std::chrono::year{static_cast<int>(*year)}, std::chrono::month{*month},
                            std::chrono::day{*day}};
  if (!date.ok())
    return std::nullopt;
  const auto time = sys_days{date} + hours{*hour} + minutes{*minute} + seconds{*second};
  return duration_cast<milliseconds>(time.time_since_epoch()).count() + *milli;
}

} // namespace gleaner
