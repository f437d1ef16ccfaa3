#pragma once

#include "core/result.hpp"

#include <string>

namespace gleaner {

/// The text of a file that holds a secret, without white space at its end. The file must be ours,
/// closed to others (mode 0600 or less), not empty and at most 64 KiB; the error's detail says
/// which rule it breaks, never what it holds.
Result<std::string> read_secret_file(const std::string& path);

} // namespace gleaner
