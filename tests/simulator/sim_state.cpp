#include "tests/simulator/sim_state.hpp"

namespace gleaner::sim {

SimState::SimState(const SimulatorOptions& from)
    : options(from), log(from.call_log), cache(from.cache_bytes), dice(from.seed) {
  reset();
}

void SimState::reset() {
  switches = options.switches;
  clock.reset();
  accounts = {};
  for (const auto& key : options.keys)
    accounts.configure(key);
  limits.clear();
  faults.clear();
  if (!options.faults.is_null())
    faults.add(options.faults);
  log.clear();
  stats.clear();
  cache.clear();
  dice = Random{mixed(options.seed)};
  played.clear();
}

} // namespace gleaner::sim
