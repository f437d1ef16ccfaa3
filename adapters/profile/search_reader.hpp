#pragma once

#include "adapters/profile/toml_section.hpp"
#include "core/provider_profile.hpp"

namespace gleaner::profile {

/// [search] with [search.cost], and [count]: windows, page sizes, costs.
void read_search(const toml::table& table, Problems& problems, ProviderProfile& into);
void read_count(const toml::table& table, Problems& problems, ProviderProfile& into);

} // namespace gleaner::profile
