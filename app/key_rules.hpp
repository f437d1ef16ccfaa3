#pragma once

#include "app/config_loader.hpp"

namespace gleaner {

/// Rules of the API keys among each other: problems are added to those of `loaded`.
void settle_keys(LoadedConfig& loaded);

} // namespace gleaner
