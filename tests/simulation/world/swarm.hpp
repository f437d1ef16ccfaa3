#pragma once

#include "core/config.hpp"
#include "tests/simulation/world/mutant.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gleaner::simulation {

/// What a world is like: a random choice among all kinds of trouble, so that no kind hides another.
struct Swarm {
  std::uint64_t seed = 0;
  Mutant mutant = Mutant::none;

  std::size_t nodes = 1;
  std::vector<std::size_t> rows; ///< What the API has for each job.
  std::size_t page_size = 2;
  std::size_t pages_at_once = 2;
  std::size_t concurrency = 2;
  std::vector<RateWindow> limits; ///< Of the API; none: it has no limits.
  bool ledger = true;             ///< Pages are kept.
  bool stale_ledgers = false;     ///< Of other jobs that had the same ids.
  bool poison = false;            ///< The first job kills whoever asks for its first page.
  bool liveness = true;   ///< Trouble ends at some time, and then everything must come to its end.
  double slow_actors = 0; ///< How often time passes while actors have something to do.

  // Probabilities per command.
  double answer_lost = 0, never_applied = 0, slow_command = 0;
  // Mean seconds between events of a kind; 0: never.
  double crash = 0, pause = 0, partition = 0, redis_pause = 0, redis_restart = 0, script_flush = 0;
  double failover = 0; ///< To a replica that lags.
  double flush = 0;    ///< Of all keys; a few jobs follow.
  double refusal = 0;  ///< Of writes, for a while.
  double clock_step = 0, node_clock_step = 0, drain = 0;
  bool restart_loses_a_second = false;
  // Probabilities per request.
  double throttle = 0, server_error = 0, timeout = 0, malformed = 0, slow_api = 0;
  // Probabilities per save.
  double disk_full = 0, sync_fails = 0, crash_while_saving = 0;
  double crash_after_command = 0; ///< Of the node that sent it.

  /// A holder may lose its job without having done anything wrong.
  bool holders_are_disturbed() const {
    return poison || crash + crash_after_command + crash_while_saving + pause + partition > 0 ||
           redis_pause + redis_restart + clock_step + slow_command > 0 ||
           failover + flush + refusal > 0 ||
           (drain > 0 && answer_lost + never_applied > 0); // it may end without an answer
  }
  bool api_fails() const { return throttle + server_error + timeout + malformed > 0; }
  bool disk_fails() const { return disk_full + sync_fails > 0; }
  bool clock_lies() const { return clock_step > 0; }
  bool restart_forgets() const { return redis_restart > 0 && restart_loses_a_second; }
};

Swarm draw_swarm(std::uint64_t seed);

/// For people, in one line.
std::string describe(const Swarm& swarm);

} // namespace gleaner::simulation
