#include "app/confirmation.hpp"

#include <unistd.h>

#include <iostream>

namespace gleaner {

bool confirmed(const std::string& question, bool yes) {
  if (yes)
    return true;
  if (isatty(STDIN_FILENO) != 1) {
    std::cerr << "gleaner: nobody can be asked here (" << question << "); add --yes\n";
    return false;
  }
  std::cerr << question << " [y/N] ";
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "yes";
}

} // namespace gleaner
