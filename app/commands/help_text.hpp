#pragma once

namespace CLI {
class App;
}

namespace gleaner {

/// Help with a line for each subcommand, and errors of the command line that name the command, what
/// it takes and where to read on. Before subcommands are added, which inherit it.
void set_help_text(CLI::App& app);

} // namespace gleaner
