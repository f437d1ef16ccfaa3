#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string_view>

namespace gleaner {

/// What a cron pattern allows. Bit n of a set stands for the value n; Sunday is weekday 0.
struct CronFields {
  std::uint64_t seconds = 0;
  std::uint64_t minutes = 0;
  std::uint64_t hours = 0;
  std::uint64_t days = 0;
  std::uint64_t months = 0;
  std::uint64_t weekdays = 0;
  std::uint64_t last_weekdays = 0; ///< "5L": the month's last Friday.
  unsigned nth = 0;                ///< "1#2": only the second such weekday; 0 for every one.
  bool last_day = false;           ///< "L": the month's last day.
  bool any_day = false;            ///< The day of the month is exactly "*" or "?".
  bool any_weekday = false;        ///< The day of the week is exactly "*" or "?".
};

/// Reads a pattern the way npm's cron-parser does, which BullMQ uses: [second] minute hour
/// day-of-month month day-of-week, or an alias like @daily. Missing leading fields mean second 0
/// and "every" for the others, even with fewer than five. Refused although a release of cron-parser
/// takes it: `H`, whose value changes with every reading, and slips like "1-2-3" or "15L", part of
/// which it ignores. The error names the field, what was found and what is allowed.
Result<CronFields> parse_cron_fields(std::string_view pattern);

} // namespace gleaner
