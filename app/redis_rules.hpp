#pragma once

#include "app/config_loader.hpp"

namespace gleaner {

/// What the settings of Redis must be together; adds to `loaded.problems`.
void settle_redis(LoadedConfig& loaded);

} // namespace gleaner
