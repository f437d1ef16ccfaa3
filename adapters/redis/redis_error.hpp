#pragma once

#include "core/error.hpp"

#include <string>

namespace gleaner::redis {

/// What an error answer means; the detail begins with `text`, Redis's own, and ends with a remedy
/// where there is one.
Error to_error(const std::string& text);

} // namespace gleaner::redis
