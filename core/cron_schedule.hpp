#pragma once

#include "core/cron_fields.hpp"
#include "core/result.hpp"
#include "core/time_zone.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace gleaner {

/// When a job scheduler with a cron pattern runs, in a time zone: a value, safe to share.
class CronSchedule {
public:
  CronSchedule(const CronFields& fields, const TimeZone& zone) : fields_(fields), zone_(zone) {}

  /// The first run strictly after `ms` (both in ms since the epoch), or nullopt when there is none
  /// in the next 100 years or before the year 10000. Clock changes are treated as by npm's
  /// cron-parser: the runs of an hour that is skipped come in the hour after it; a repeated hour
  /// counts once, unless every hour is scheduled or `ms` is in the repetition.
  std::optional<std::int64_t> next_after(std::int64_t ms) const;

private:
  CronFields fields_;
  TimeZone zone_;
};

/// `zone` as TimeZone::find takes it: "" is the local zone of the process. The pattern is
/// described at parse_cron_fields.
Result<CronSchedule> parse_cron(std::string_view pattern, std::string_view zone);

} // namespace gleaner
