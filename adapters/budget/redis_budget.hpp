#pragma once

#include "adapters/redis/command_port.hpp"
#include "core/config.hpp"
#include "core/ports/budget.hpp"
#include "core/rate_windows.hpp"
#include "core/secret.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace gleaner::budget {

/// The budget of one API key in Redis: two keys below "gleaner:budget:", named by a fingerprint of
/// the API key. Processes that share them should be given the same windows; each is held to its
/// own.
class RedisBudget final : public Budget {
public:
  /// `client` outlives the budget and all replies. `seed` is unlike that of any other process.
  RedisBudget(redis::CommandPort& client, const Secret& key, const std::vector<RateWindow>& windows,
              std::string seed);

  void exchange(BudgetRequest request, std::function<void(Result<BudgetAnswer>)> reply) override;

  /// Where the state is, for tests and operators.
  const std::string& state_key() const noexcept { return state_key_; }

private:
  redis::CommandPort& client_;
  std::string state_key_;
  std::vector<std::string> windows_; ///< As arguments of the script.
  std::string seed_;
  std::atomic<std::uint64_t> exchanges_{0};
};

} // namespace gleaner::budget
