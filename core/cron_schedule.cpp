#include "core/cron_schedule.hpp"

#include <date/date.h>

#include <algorithm>
#include <bit>

namespace gleaner {

namespace {

constexpr std::int64_t hour = 3600;
constexpr std::int64_t day = 24 * hour;
constexpr std::int64_t year_1 = -62135596800;     // 0001-01-01, in seconds since the epoch
constexpr std::int64_t year_9999 = 253370764800;  // 9999-01-01
constexpr std::int64_t horizon = 100 * 366 * day; // 29 February as fifth Monday: up to 40 years
constexpr std::uint64_t every_hour = (1u << 24) - 1;

/// The lowest value of `set` from `from` on, or 64. @pre from < 64
unsigned next_in_set(std::uint64_t set, unsigned from) {
  return static_cast<unsigned>(std::countr_zero(set >> from << from));
}

bool has(std::uint64_t set, unsigned value) {
  return (set >> value & 1) != 0;
}

/// Rounds down, below zero too. @pre divisor > 0
std::int64_t floor_div(std::int64_t value, std::int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

/// Minutes and seconds: the first match at or after `second` of an hour.
std::optional<std::int64_t> next_in_hour(const CronFields& fields, std::int64_t second) {
  const auto minute = static_cast<unsigned>(second / 60);
  if (has(fields.minutes, minute)) {
    const auto found = next_in_set(fields.seconds, static_cast<unsigned>(second % 60));
    if (found < 60)
      return minute * 60 + found;
  }
  const auto later = next_in_set(fields.minutes, minute + 1);
  if (later >= 60)
    return std::nullopt;
  return later * 60 + next_in_set(fields.seconds, 0);
}

/// The first match at or after `second` of a day.
std::optional<std::int64_t> next_in_day(const CronFields& fields, std::int64_t second) {
  const auto now = static_cast<unsigned>(second / hour);
  if (has(fields.hours, now))
    if (const auto found = next_in_hour(fields, second % hour))
      return now * hour + *found;
  const auto later = next_in_set(fields.hours, now + 1);
  if (later >= 24)
    return std::nullopt;
  return later * hour + *next_in_hour(fields, 0);
}

/// Crontab's rule: of two restricted day fields, either one is enough.
bool matches_day(const CronFields& fields, date::year_month_day on, date::sys_days count) {
  const auto number = static_cast<unsigned>(on.day());
  const auto last =
    static_cast<unsigned>(date::year_month_day_last{on.year() / on.month() / date::last}.day());
  const auto weekday = date::weekday{count}.c_encoding();
  const bool by_day = has(fields.days, number) || (fields.last_day && number == last);
  const bool by_weekday =
    (has(fields.weekdays, weekday) && (fields.nth == 0 || (number + 6) / 7 == fields.nth)) ||
    (has(fields.last_weekdays, weekday) && number + 7 > last);
  if (fields.any_weekday)
    return by_day;
  return fields.any_day ? by_weekday : by_day || by_weekday;
}

/// Local time, in seconds: the first match in [from, end).
std::optional<std::int64_t> next_local(const CronFields& fields, std::int64_t from,
                                       std::int64_t end) {
  while (from < end) {
    const auto midnight = floor_div(from, day) * day;
    const date::sys_days count{date::days{midnight / day}};
    const date::year_month_day on{count};
    if (!has(fields.months, static_cast<unsigned>(on.month()))) {
      const date::sys_days next_month{(on.year() / on.month() + date::months{1}) / 1};
      from = next_month.time_since_epoch().count() * day;
      continue;
    }
    const auto found =
      matches_day(fields, on, count) ? next_in_day(fields, from - midnight) : std::nullopt;
    if (found)
      return midnight + *found < end ? std::optional{midnight + *found} : std::nullopt;
    from = midnight + day;
  }
  return std::nullopt;
}

/// Clocks go forward from local time `left` to `landed`: the hours between them are made up for in
/// the hour of `landed`. Returns that hour's first run in local time.
std::optional<std::int64_t> next_made_up(const CronFields& fields, std::int64_t left,
                                         std::int64_t landed) {
  const auto landing_hour = floor_div(landed, hour) * hour;
  const auto hour_of_day = [](std::int64_t at) { return (floor_div(at, hour) % 24 + 24) % 24; };
  const auto landing = hour_of_day(landed);
  bool skipped = false;
  for (auto lost = (hour_of_day(left - 1) + 1) % 24; lost != landing; lost = (lost + 1) % 24)
    skipped = skipped || has(fields.hours, static_cast<unsigned>(lost));
  if (!skipped)
    return std::nullopt;
  auto in_landing = fields;
  in_landing.hours = std::uint64_t{1} << landing;
  return next_local(in_landing, landed, landing_hour + hour);
}

} // namespace

std::optional<std::int64_t> CronSchedule::next_after(std::int64_t ms) const {
  const auto now = std::max(floor_div(ms, 1000), year_1);
  if (now >= year_9999)
    return std::nullopt;
  const auto last = now + horizon;
  auto span = zone_.span_at(now);
  for (auto from = now + 1;;) {
    const auto end = std::min(span.end, last);
    if (const auto local = next_local(fields_, from + span.offset, end + span.offset))
      return (*local - span.offset) * 1000;
    if (end == last)
      return std::nullopt;
    const auto next = zone_.span_at(end);
    const auto forward = next.offset - span.offset;
    from = end;
    if (forward > 0) {
      if (const auto local = next_made_up(fields_, end + span.offset, end + next.offset))
        return (*local - next.offset) * 1000;
    } else if (fields_.hours != every_hour) {
      from -= forward; // local time runs through these seconds again
    }
    span = next;
  }
}

Result<CronSchedule> parse_cron(std::string_view pattern, std::string_view zone) {
  const auto fields = parse_cron_fields(pattern);
  if (!fields)
    return fields.error();
  const auto place = TimeZone::find(zone);
  if (!place)
    return place.error();
  return CronSchedule{*fields, *place};
}

} // namespace gleaner
