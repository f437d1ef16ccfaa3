#include "app/confirmation.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <iostream>

namespace gleaner {

ExitCode confirm(const std::string& question, bool yes) {
  if (yes)
    return ExitCode::ok;
  if (isatty(STDIN_FILENO) != 1) {
    std::cerr << "gleaner: nobody can be asked here (" << question << "); add --yes\n";
    return ExitCode::usage;
  }
  std::cerr << question << " [y/N] ";
  std::string answer;
  if (!std::getline(std::cin, answer))
    std::cerr << '\n';
  std::transform(answer.begin(), answer.end(), answer.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  if (answer == "y" || answer == "yes")
    return ExitCode::ok;
  std::cerr << "gleaner: nothing was changed\n";
  return ExitCode::failed;
}

} // namespace gleaner
