#pragma once

#include "tests/simulator/sim_state.hpp"

namespace gleaner::sim {

/// Answers the calls below /admin/, which are not logged.
Answer admin_answer(SimState& state, const Request& request);

} // namespace gleaner::sim
