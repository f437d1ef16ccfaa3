#pragma once

#include "app/command.hpp"

namespace gleaner {

/// Adds `init-ca` and `issue` to `gleaner cluster`, as the functions of app/command.hpp do.
void add_certificate_commands(CLI::App& cluster, Command& chosen);

} // namespace gleaner
