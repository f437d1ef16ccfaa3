#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gleaner {

/// The name most like a mistyped one; "" when none is near.
std::string closest_name(std::string_view mistyped, std::span<const std::string_view> names);

} // namespace gleaner
