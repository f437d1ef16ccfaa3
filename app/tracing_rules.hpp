#pragma once

#include "app/config_loader.hpp"

namespace gleaner {

/// What the settings of traces must be together, once there are any; adds to `loaded.problems` and
/// `loaded.warnings`.
void settle_tracing(LoadedConfig& loaded);

} // namespace gleaner
