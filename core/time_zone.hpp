#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string_view>

namespace date {
class time_zone;
}

namespace gleaner {

/// A stretch of time, [begin, end) in seconds since the epoch, in which local time is
/// UTC + `offset` seconds.
struct OffsetSpan {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t offset = 0;
};

/// A time zone of the system's tz database, or a fixed distance from UTC. After 2037, where the
/// database's tables end, daylight saving time is unknown and the standard offset holds.
class TimeZone {
public:
  /// By IANA name in any case ("Europe/Berlin"), "UTC", "GMT", or a distance like "UTC+5:30": the
  /// names that BullMQ's cron-parser takes. "" (and "local", "system", "default") is the zone of
  /// the process: the environment's TZ, or else the system's.
  static Result<TimeZone> find(std::string_view name);

  OffsetSpan span_at(std::int64_t seconds) const;

private:
  explicit TimeZone(std::int64_t offset) : offset_(offset) {}
  explicit TimeZone(const date::time_zone& zone) : zone_(&zone) {}
  static Result<TimeZone> find_local();
  static Result<TimeZone> find_in_database(std::string_view name);

  const date::time_zone* zone_ = nullptr; ///< Owned by the library, lives as long as the process.
  std::int64_t offset_ = 0;
};

} // namespace gleaner
