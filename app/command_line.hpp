#pragma once

namespace gleaner {

/// Parses the command line, loads the settings and runs what was asked for. The exit code.
int run_command_line(int argc, char** argv);

} // namespace gleaner
