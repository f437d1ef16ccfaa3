#pragma once

#include <string>

namespace gleaner {

/// Asks "<question> [y/N] " on stderr and reads the answer. False, with the remedy on stderr, where
/// nobody can be asked. `yes` answers beforehand.
bool confirmed(const std::string& question, bool yes);

} // namespace gleaner
