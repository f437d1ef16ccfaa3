#pragma once

#include "app/command.hpp"

namespace gleaner {

/// `results export`.
void add_export_command(CLI::App& results, Command& chosen);

} // namespace gleaner
