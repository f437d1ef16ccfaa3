#include "core/cron_fields.hpp"

#include "core/cron_list.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <string>
#include <vector>

namespace gleaner {

namespace {

constexpr std::size_t longest_pattern = 1024; // cron-parser 5's own limit
constexpr std::size_t field_count = 6;

constexpr std::array<std::string_view, 12> month_names = {"jan", "feb", "mar", "apr", "may", "jun",
                                                          "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekday_names = {"sun", "mon", "tue", "wed",
                                                           "thu", "fri", "sat"};

constexpr std::array<CronField, field_count> cron_positions = {{
  {"second", 0, 59, "0-59"},
  {"minute", 0, 59, "0-59"},
  {"hour", 0, 23, "0-23"},
  {"day of month", 1, 31, "1-31, L (the last day)"},
  {"month", 1, 12, "1-12, JAN-DEC", month_names},
  {"day of week", 0, 7, "0-7, SUN-SAT, 5L (the last Friday), 1#2 (the second Monday)",
   weekday_names},
}};
constexpr std::size_t day_of_month = 3;
constexpr std::size_t day_of_week = 5;

struct Alias {
  std::string_view name;
  std::string_view pattern;
};
constexpr std::array<Alias, 10> aliases = {{
  {"@yearly", "0 0 0 1 1 *"},
  {"@annually", "0 0 0 1 1 *"},
  {"@monthly", "0 0 0 1 * *"},
  {"@weekly", "0 0 0 * * 0"},
  {"@daily", "0 0 0 * * *"},
  {"@hourly", "0 0 * * * *"},
  {"@minutely", "0 * * * * *"},
  {"@secondly", "* * * * * *"},
  {"@weekdays", "0 0 0 * * 1-5"},
  {"@weekends", "0 0 0 * * 0,6"},
}};

bool is_any(std::string_view text) {
  return text == "*" || text == "?";
}

/// Sunday is 0 and 7.
std::uint64_t week(std::uint64_t set) {
  return (set | set >> 7) & 0x7f;
}

Status parse_day_of_month(CronFields& into, std::string_view text) {
  const auto& field = cron_positions[day_of_month];
  into.any_day = is_any(text);
  for (const auto item : split_at(text, ",")) {
    if (item == "L") {
      into.last_day = true;
      continue;
    }
    const auto days = parse_cron_item(field, item);
    if (!days)
      return days.error();
    into.days |= *days;
  }
  return Done{};
}

Status parse_nth_weekday(CronFields& into, std::string_view text, std::size_t hash) {
  const auto& field = cron_positions[day_of_week];
  const auto nth = to_number(text.substr(hash + 1));
  if (!nth || *nth < 1 || *nth > 5)
    return refuse_cron(field, text, "after # stands which such day of the month, 1 to 5");
  const auto day = text.substr(0, hash);
  if (day.find_first_of(",-/") != std::string_view::npos)
    return refuse_cron(field, text, "# goes with one weekday, not with a list, range or step");
  const auto weekdays = parse_cron_item(field, day);
  if (!weekdays)
    return weekdays.error();
  into.nth = *nth;
  into.weekdays = week(*weekdays);
  return Done{};
}

Status parse_day_of_week(CronFields& into, std::string_view text) {
  const auto& field = cron_positions[day_of_week];
  into.any_weekday = is_any(text);
  if (const auto hash = text.find('#'); hash != std::string_view::npos)
    return parse_nth_weekday(into, text, hash);
  for (const auto item : split_at(text, ",")) {
    const auto day = item.ends_with('L') ? to_cron_value(field, item.substr(0, item.size() - 1))
                                         : std::optional<unsigned>{};
    if (day) {
      into.last_weekdays |= week(std::uint64_t{1} << *day);
      continue;
    }
    const auto weekdays = parse_cron_item(field, item);
    if (!weekdays)
      return weekdays.error();
    into.weekdays |= week(*weekdays);
  }
  return Done{};
}

/// cron-parser splits at JavaScript's white space; the ASCII part of it.
std::vector<std::string_view> split_words(std::string_view text) {
  auto words = split_at(text, " \t\n\v\f\r");
  std::erase(words, std::string_view{});
  return words;
}

/// "0 0 30 2 *" would never come; a restricted weekday is a second way to match.
bool never_comes(const CronFields& parsed) {
  constexpr std::uint64_t long_months =
    1u << 1 | 1u << 3 | 1u << 5 | 1u << 7 | 1u << 8 | 1u << 10 | 1u << 12;
  constexpr std::uint64_t february = 1u << 2;
  if (parsed.last_day || !parsed.any_weekday)
    return false;
  const int longest = (parsed.months & long_months) != 0 ? 31 : parsed.months == february ? 29 : 30;
  return std::countr_zero(parsed.days) > longest;
}

Result<CronFields> parse_words(const std::array<std::string_view, field_count>& words) {
  CronFields parsed;
  const std::array<std::pair<std::size_t, std::uint64_t*>, 4> plain = {
    {{0, &parsed.seconds}, {1, &parsed.minutes}, {2, &parsed.hours}, {4, &parsed.months}}};
  for (const auto& [position, into] : plain) {
    const auto set = parse_cron_list(cron_positions[position], words[position]);
    if (!set)
      return set.error();
    *into = *set;
  }
  if (const auto done = parse_day_of_month(parsed, words[day_of_month]); !done)
    return done.error();
  if (const auto done = parse_day_of_week(parsed, words[day_of_week]); !done)
    return done.error();
  if (never_comes(parsed))
    return refuse_cron(cron_positions[day_of_month], words[day_of_month],
                       "no month of the pattern has that day");
  return parsed;
}

} // namespace

Result<CronFields> parse_cron_fields(std::string_view pattern) {
  if (pattern.size() > longest_pattern)
    return Error{Errc::usage,
                 "cron pattern " + quote_for_error(pattern) + " is longer than 1024 characters"};
  auto found = split_words(pattern);
  if (found.size() == 1 && found[0].starts_with('@')) {
    const auto alias = std::find_if(aliases.begin(), aliases.end(),
                                    [&](const Alias& known) { return known.name == found[0]; });
    if (alias == aliases.end())
      return Error{Errc::usage,
                   "cron pattern " + quote_for_error(pattern) +
                     " is no known alias; known: @yearly, @annually, @monthly, @weekly, @daily, "
                     "@hourly, @minutely, @secondly, @weekdays, @weekends"};
    found = split_words(alias->pattern);
  }
  if (found.empty() || found.size() > field_count)
    return Error{Errc::usage, "cron pattern " + quote_for_error(pattern) + " has " +
                                std::to_string(found.size()) +
                                " fields; give 5 (minute, hour, day of month, month, day of week) "
                                "or 6, with the second first"};
  std::array<std::string_view, field_count> words = {"0", "*", "*", "*", "*", "*"};
  std::copy_backward(found.begin(), found.end(), words.end());
  return parse_words(words);
}

} // namespace gleaner
