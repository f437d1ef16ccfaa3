#pragma once

#include "adapters/redis/command_port.hpp"
#include "core/config.hpp"
#include "core/credits.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gleaner::budget {

/// A window of the API, as those who share the key use it.
struct WindowUse {
  RateWindow window;
  std::uint32_t allowed = 0; ///< Requests of it that are used at present; fewer after refusals.
  std::uint32_t used = 0;    ///< That went out within the window's length until now.
};

/// How the budget of an API key stands.
struct BudgetView {
  std::int64_t now_ms = 0;             ///< By Redis's clock.
  std::chrono::milliseconds closed{0}; ///< Nothing is granted for so long.
  bool drained = false;                ///< The operator has taken the key out of use.
  std::vector<WindowUse> windows;      ///< In the order of the settings.
  CreditState credits;                 ///< `stop` and what follows it are left open.
  std::string reset_date;              ///< When the account gets new ones, or "".
};

/// Looks at the budget of the key with that state (as RedisBudget takes it) and changes nothing.
/// One command. Blocks.
Result<BudgetView> view_budget(redis::CommandPort& client, const std::string& state_key,
                               const std::vector<RateWindow>& windows);

} // namespace gleaner::budget
