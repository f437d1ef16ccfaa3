#pragma once

#include "app/config_loader.hpp"

namespace gleaner {

/// What the settings of the cluster must be together; adds to `loaded.problems`.
void settle_cluster(LoadedConfig& loaded);

} // namespace gleaner
