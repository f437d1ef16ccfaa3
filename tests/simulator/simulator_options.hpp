#pragma once

#include "tests/simulator/switches.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gleaner::sim {

/// How a simulator starts.
struct SimulatorOptions {
  std::uint16_t port = 0; ///< On 127.0.0.1; 0 picks one.
  std::uint64_t seed = 1;
  std::vector<std::string> keys; ///< Each as Accounts::configure takes it; none: all are valid.
  Switches switches;
  Json faults; ///< Rules from the start; null: none.
  std::size_t call_log = 1'000'000;
  std::size_t cache_bytes = 64u << 20;
};

} // namespace gleaner::sim
