#pragma once

#include "tests/simulator/query_params.hpp"
#include "tests/simulator/sim_state.hpp"

namespace gleaner::sim {

/// GET /v2/account.
Answer account_page(const SimState& state, const Account& account);

/// GET /v2/usage.
Answer usage_page(const Account& account, const QueryParams& params);

/// GET /v2/email-count; counts more than a search can retrieve.
Answer email_count_page(const SimState& state, const QueryParams& params);

} // namespace gleaner::sim
