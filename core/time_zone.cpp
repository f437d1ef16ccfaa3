#include "core/time_zone.hpp"

#include "core/unicode.hpp"

#include <date/tz.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>

namespace gleaner {

namespace {

/// Whole number of one or two digits, at most `max`.
std::optional<std::int64_t> short_number(std::string_view text, std::int64_t max) {
  std::int64_t number = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  const bool digits = !text.empty() && text.size() <= 2 && text.front() != '-';
  if (!digits || read.ptr != end || read.ec != std::errc{} || number > max)
    return std::nullopt;
  return number;
}

/// Seconds east of UTC for "utc", "gmt", "utc+3" or "utc-5:30".
std::optional<std::int64_t> fixed_offset(std::string_view lower) {
  if (lower == "utc" || lower == "gmt")
    return 0;
  if (!(lower.starts_with("utc+") || lower.starts_with("utc-")))
    return std::nullopt;
  const auto colon = std::min(lower.find(':'), lower.size());
  const auto hours = short_number(lower.substr(4, colon - 4), 99);
  const auto minutes = colon == lower.size() ? std::optional<std::int64_t>{0}
                                             : short_number(lower.substr(colon + 1), 59);
  if (!hours || !minutes)
    return std::nullopt;
  return (lower[3] == '-' ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

/// Null when there is none of that name. Throws when there is no database.
const date::time_zone* look_up(std::string_view name) {
  const auto& zones = date::get_tzdb().zones;
  const auto wanted = lower_case(name);
  const auto zone = std::find_if(zones.begin(), zones.end(), [&](const date::time_zone& one) {
    return lower_case(one.name()) == wanted;
  });
  return zone == zones.end() ? nullptr : &*zone;
}

} // namespace

Result<TimeZone> TimeZone::find(std::string_view name) {
  const auto lower = lower_case(name);
  if (lower.empty() || lower == "local" || lower == "system" || lower == "default")
    return find_local();
  if (const auto offset = fixed_offset(lower))
    return TimeZone{*offset};
  return find_in_database(name);
}

Result<TimeZone> TimeZone::find_in_database(std::string_view name) {
  std::string why = "is not in the system's tz database; give an IANA name like Europe/Berlin";
  try {
    if (const auto* zone = look_up(name)) {
      zone->get_info(date::sys_seconds{}); // reads its file: what can fail, fails here
      return TimeZone{*zone};
    }
  } catch (const std::exception& error) {
    why = "cannot be read from the system's tz database (package tzdata): ";
    why += error.what();
  }
  return Error{Errc::usage, "time zone \"" + std::string{name} + "\" " + why};
}

Result<TimeZone> TimeZone::find_local() {
  if (const char* set = std::getenv("TZ"); set && *set != '\0') { // the library ignores it
    const std::string_view name = *set == ':' ? set + 1 : set;
    if (const auto offset = fixed_offset(lower_case(name)))
      return TimeZone{*offset};
    auto zone = find_in_database(name);
    if (!zone)
      return Error{Errc::usage, "environment variable TZ: " + zone.error().detail};
    return zone;
  }
  std::error_code none;
  if (!std::filesystem::exists("/etc/localtime", none))
    return TimeZone{0};
  try {
    return find_in_database(date::current_zone()->name());
  } catch (const std::exception& error) {
    return Error{Errc::usage, std::string{"the system's time zone (/etc/localtime) is unknown: "} +
                                error.what() + "; set TZ to an IANA name"};
  }
}

OffsetSpan TimeZone::span_at(std::int64_t seconds) const {
  if (!zone_)
    return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
            offset_};
  const auto info = zone_->get_info(date::sys_seconds{std::chrono::seconds{seconds}});
  return {info.begin.time_since_epoch().count(), info.end.time_since_epoch().count(),
          info.offset.count()};
}

} // namespace gleaner
