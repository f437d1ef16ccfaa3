#pragma once

#include <string>

namespace gleaner {

/// The value of "name:value" among the lines of Redis's INFO; empty when it is not there.
std::string info_value(const std::string& info, const std::string& name);

} // namespace gleaner
