#pragma once

#include "tests/simulator/accounts.hpp"
#include "tests/simulator/call_log.hpp"
#include "tests/simulator/call_stats.hpp"
#include "tests/simulator/fault_rules.hpp"
#include "tests/simulator/page_cache.hpp"
#include "tests/simulator/random.hpp"
#include "tests/simulator/rate_limits.hpp"
#include "tests/simulator/sim_clock.hpp"
#include "tests/simulator/simulator_options.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace gleaner::sim {

/// All that the simulator remembers. Touched by its one thread only.
struct SimState {
  explicit SimState(const SimulatorOptions& from);

  /// Back to how it started: switches, keys and faults of the options, nothing logged or charged.
  void reset();

  SimulatorOptions options;
  Switches switches;
  SimClock clock;
  Accounts accounts;
  RateLimits limits;
  FaultRules faults;
  CallLog log;
  CallStats stats;
  PageCache cache;
  Random dice;
  /// How often a fault asked for by a domain's name was played, by domain, page and fault.
  std::unordered_map<std::string, std::uint32_t> played;
  std::uint16_t redirect_port = 0;
  SteadyTime started = std::chrono::steady_clock::now();
};

} // namespace gleaner::sim
