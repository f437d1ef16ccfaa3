#pragma once

#include <cstdint>
#include <string>

namespace gleaner {

/// "2026-11-23T18:13:20.123Z", as JavaScript's toISOString. @pre 0 <= ms < year 10000
std::string iso_time(std::int64_t ms_since_epoch);

} // namespace gleaner
