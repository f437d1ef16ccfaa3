#pragma once

#include "adapters/budget/redis_budget.hpp"
#include "adapters/hunter/hunter_client.hpp"
#include "adapters/redis/redis_client.hpp"
#include "app/command.hpp"
#include "core/config.hpp"
#include "core/result.hpp"

#include <memory>
#include <optional>
#include <string>

namespace gleaner {

/// What a command that asks about an API key needs.
class KeySession {
public:
  /// `redis`: where the key's budget is; none: nobody shares it.
  KeySession(const CommandEnvironment& environment, ApiKey key, redis::RedisClient* redis);

  const ApiKey& key() const noexcept { return key_; }
  HunterApi& api() noexcept { return api_; }
  budget::RedisBudget* count_budget() noexcept { return count_budget_ ? &*count_budget_ : nullptr; }

  Result<ApiAccount> account();

  /// The state of the key's budget; takes nothing out of it. @pre there is a Redis
  Result<BudgetAnswer> budget_state();

private:
  ApiKey key_;
  hunter::HunterClient api_;
  std::optional<budget::RedisBudget> budget_, count_budget_;
};

/// The error, with the key that it is about and where that key comes from.
Error about_key(const std::string& name, const Error& error);

/// The key of that name; Errc::usage when there is none.
Result<ApiKey> find_named_key(const Config& config, const std::string& name);

/// The same, but the first key without a name; key_rejected when none is set at all.
Result<ApiKey> find_key(const Config& config, const std::string& name);

} // namespace gleaner
