#pragma once

#include "app/settings.hpp"

#include <vector>

namespace gleaner {

/// Builds the table of all settings: the one place where a setting is defined.
std::vector<Setting> all_settings();

/// The part of it that begins with "redis.".
std::vector<Setting> redis_settings();

/// The part of it that begins with "queue.".
std::vector<Setting> queue_settings();

} // namespace gleaner
