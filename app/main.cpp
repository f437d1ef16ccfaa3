#include "app/command_line.hpp"
#include "app/signals.hpp"

int main(int argc, char** argv) {
  gleaner::ignore_broken_pipes();
  return gleaner::run_command_line(argc, argv);
}
