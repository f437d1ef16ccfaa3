#pragma once

#include "core/error.hpp"

#include <string>
#include <string_view>

namespace gleaner::store {

/// "can't <action> <path>: <what errno says>; <remedy>", with the code that fits the errno.
Error io_error(int error_number, std::string_view action, const std::string& path);

} // namespace gleaner::store
