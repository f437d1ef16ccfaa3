#include "tests/simulator/command_line.hpp"
#include "tests/simulator/hunter_simulator.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>

namespace {

using namespace gleaner::sim;

/// Blocks the ending signals in all threads to come; sigwait gets them.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP})
    sigaddset(&set, number);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return set;
}

int serve(const CommandLine& line, const sigset_t& signals) {
  HunterSimulator simulator;
  const auto port = simulator.start(line.simulator);
  if (!line.port_file.empty()) {
    std::ofstream file{line.port_file};
    file << port << '\n' << std::flush;
    if (!file) {
      std::cerr << "gleaner-simulator: can't write --port-file " << line.port_file << '\n';
      return 1;
    }
  }
  std::cout << "listening on http://127.0.0.1:" << port << std::endl;
  int number = 0;
  sigwait(&signals, &number);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  const auto parent = getppid();
  int exit_code = 0;
  const auto line = parse_command_line(argc, argv, exit_code);
  if (!line)
    return exit_code;
  const auto signals = block_signals();
  std::signal(SIGPIPE, SIG_IGN);
  if (line->die_with_parent) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) // it went before prctl
      return 0;
  }
  try {
    return serve(*line, signals);
  } catch (const std::exception& problem) {
    std::cerr << "gleaner-simulator: " << problem.what() << '\n';
    return 1;
  }
}
