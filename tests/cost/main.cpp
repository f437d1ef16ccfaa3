#include "tests/cost/piece.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string_view>

using namespace gleaner::cost;

namespace {

volatile int runs_done = 0;

int say_what_there_is() {
  std::cout << "compiler " << __VERSION__ << '\n';
  for (const auto& piece : pieces)
    std::cout << "piece " << piece.name << '\n';
  return 0;
}

} // namespace

/// callgrind counts what happens from the entry of this function to its end. In C, since it finds
/// it by name; what is done behind the call keeps it from becoming a jump.
extern "C" [[gnu::noinline]] void gleaner_counted_run(Piece& piece) {
  piece.run();
  runs_done = runs_done + 1;
}

/// The first run is not counted: it fills what is kept between runs.
int main(int argc, char** argv) try {
  if (argc == 1)
    return say_what_there_is();
  const auto* found = std::find_if(pieces.begin(), pieces.end(), [&](const NamedPiece& piece) {
    return argc == 2 && piece.name == argv[1];
  });
  if (found == pieces.end()) {
    std::cerr << "usage: fixed_work [PIECE]; without one it lists them\n";
    return 2;
  }
  const auto piece = found->make();
  piece->prepare();
  piece->run();
  piece->prepare();
  gleaner_counted_run(*piece);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "fixed_work: " << error.what() << '\n';
  return 1;
}
