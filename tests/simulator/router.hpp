#pragma once

#include "tests/simulator/sim_state.hpp"

#include <cstdint>
#include <optional>

namespace gleaner::sim {

/// An answer and, unless an admin asked, the number of its call in the log.
struct Routed {
  Answer answer;
  std::optional<std::uint64_t> call;
};

/// Decides and logs the answer to a request.
Routed route(SimState& state, const Request& request);

/// Notes how the delivery of an answer ended. `bytes` counts the body.
void note_ending(SimState& state, std::uint64_t call, Ending ending, std::uint64_t bytes);

} // namespace gleaner::sim
