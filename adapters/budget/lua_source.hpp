#pragma once

#include <string_view>

namespace gleaner::budget {

/// The text of lua/<name>.lua as it was at build time; empty when there is no such file.
std::string_view lua_source(std::string_view name);

} // namespace gleaner::budget
