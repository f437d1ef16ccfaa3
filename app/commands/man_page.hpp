#pragma once

#include "app/commands/command_tree.hpp"
#include "app/settings.hpp"

#include <span>
#include <string>

namespace gleaner {

/// The manual page of section 1, as roff with the `man` macros.
std::string man_page(const CommandInfo& program, std::span<const Setting> settings,
                     const std::string& version);

} // namespace gleaner
