#pragma once

#include "app/config_loader.hpp"

namespace gleaner {

/// Reads the provider's profile that `api.profile` names, else the built-in one, into `loaded`. Its
/// windows and page size become the settings that nobody has set; a page size beyond its most is
/// cut to that, with a warning.
void settle_profile(LoadedConfig& loaded);

} // namespace gleaner
