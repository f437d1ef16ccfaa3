#pragma once

#include "app/exit_code.hpp"

#include <string>

namespace gleaner {

/// Asks "<question> [y/N] " on stderr: ok, or failed when the answer is no. usage, with the remedy
/// on stderr, where nobody can be asked. `yes` answers beforehand.
ExitCode confirm(const std::string& question, bool yes);

} // namespace gleaner
