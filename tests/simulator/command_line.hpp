#pragma once

#include "tests/simulator/simulator_options.hpp"

#include <optional>
#include <string>

namespace gleaner::sim {

/// What the program was asked for.
struct CommandLine {
  SimulatorOptions simulator;
  std::string port_file;
  bool die_with_parent = false;
};

/// Reads the command line. On --help or a mistake nothing comes back and `exit_code` is set; the
/// text was printed.
std::optional<CommandLine> parse_command_line(int argc, char** argv, int& exit_code);

} // namespace gleaner::sim
