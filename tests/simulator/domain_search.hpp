#pragma once

#include "tests/simulator/sim_state.hpp"

#include <string>

namespace gleaner::sim {

/// GET /v2/domain-search for a key that exists. `limit_hit` tells whether the rate limit refused.
Answer domain_search(SimState& state, const Request& request, const std::string& key,
                     Account& account, bool& limit_hit);

/// The answer that `test-api-key` always gets once its parameters are in order.
Answer test_key_search(const SimState& state, const Request& request);

/// The refusal of the rate limit in the style that is switched on.
Answer throttled(const SimState& state, std::chrono::milliseconds wait);

} // namespace gleaner::sim
