#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gleaner {

/// "2026-11-23T18:13:20.123Z", as JavaScript's toISOString. @pre 0 <= ms < year 10000
std::string iso_time(std::int64_t ms_since_epoch);

/// Reads such text, the milliseconds optional; nothing for any other form or an impossible date.
std::optional<std::int64_t> parse_iso_time(std::string_view text);

} // namespace gleaner
