#pragma once

#include "adapters/redis/command_port.hpp"
#include "core/config.hpp"
#include "core/credits.hpp"
#include "core/ports/budget.hpp"
#include "core/rate_windows.hpp"
#include "core/secret.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner::budget {

/// What the keys of every budget begin with.
inline constexpr std::string_view state_prefix = "gleaner:budget:";

/// Where the state of a key's budget is in Redis; its further keys begin with the same. What stands
/// in braces puts all of them into one hash slot of a cluster.
std::string state_key(const Secret& key);
/// Likewise for the free count, which has limits of its own.
std::string count_state_key(const Secret& key);

/// The budget of one API key in Redis: five keys below "gleaner:budget:", named by a fingerprint of
/// the API key. Processes that share them should be given the same windows and caps; each is held
/// to its own.
class RedisBudget final : public Budget {
public:
  /// `client` outlives the budget and all replies. `seed` is unlike that of any other process.
  RedisBudget(redis::CommandPort& client, std::string state_key,
              const std::vector<RateWindow>& windows, const CreditRules& credits, std::string seed);

  void exchange(BudgetRequest request, std::function<void(Result<BudgetAnswer>)> reply) override;

  /// From now on it is about another key, whose state is there: what is still reported of the old
  /// one goes nowhere. From any thread.
  void move_to(std::string state_key);

private:
  redis::CommandPort& client_;
  std::string begin(BudgetRequest& request, std::uint64_t& moves);
  std::vector<std::string> words_of(const BudgetRequest& request, const std::string& state);

  std::mutex mutex_; ///< Guards the next three.
  std::string state_key_;
  std::uint64_t moves_ = 0;
  std::uint64_t answered_ = 0; ///< So many moves lay before the last answer.
  std::string script_;
  double page_cost_;                 ///< The most that a page can cost.
  std::vector<std::string> caps_;    ///< As arguments of the script.
  std::vector<std::string> windows_; ///< Likewise.
  std::string seed_;
  std::atomic<std::uint64_t> exchanges_{0};
};

} // namespace gleaner::budget
