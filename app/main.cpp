#include "app/command_line.hpp"
#include "app/private_process.hpp"
#include "app/signals.hpp"

int main(int argc, char** argv) {
  gleaner::occupy_standard_streams();
  gleaner::keep_memory_private();
  gleaner::keep_files_private();
  gleaner::ignore_broken_pipes();
  return gleaner::run_command_line(argc, argv);
}
