#pragma once

#include "adapters/budget/redis_budget.hpp"
#include "adapters/redis/redis_client.hpp"
#include "tests/support/redis_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gleaner::test {

using budget::RedisBudget;

/// Budgets of one key whose pages cost at most ten credits, in a Redis that is empty.
struct CreditFixture {
  CreditFixture() { call({"FLUSHALL"}); }

  redis::RedisValue call(std::vector<std::string> args) {
    auto value = client.call(std::move(args));
    BOOST_REQUIRE(value);
    return *value;
  }

  /// A budget of pages that cost at most 10, with room for any pace.
  std::unique_ptr<RedisBudget> with(CreditCaps caps) {
    auto made = std::make_unique<RedisBudget>(
      client, state, std::vector<RateWindow>{{1000, std::chrono::seconds{1}}},
      CreditRules{caps, 10}, "test");
    exchange(*made, {});
    call({"HSET", state, "open_at", "0"});
    return made;
  }

  static BudgetAnswer exchange(RedisBudget& budget, BudgetRequest request) {
    std::promise<Result<BudgetAnswer>> answer;
    budget.exchange(std::move(request), [&](auto given) { answer.set_value(std::move(given)); });
    auto given = answer.get_future().get();
    BOOST_REQUIRE(given);
    return *given;
  }

  static BudgetAnswer want(RedisBudget& budget, std::uint32_t permits) {
    BudgetRequest request;
    request.wanted = permits;
    return exchange(budget, std::move(request));
  }

  static BudgetAnswer settle(RedisBudget& budget, const Permit& permit, double credits) {
    BudgetRequest request;
    request.charges = {{permit, credits}};
    return exchange(budget, std::move(request));
  }

  static BudgetAnswer tell_account(RedisBudget& budget, std::optional<double> remaining,
                                   std::int64_t asked_at_ms = 0) {
    BudgetRequest request;
    request.account_read = true;
    request.remaining = remaining;
    request.remaining_at_ms = asked_at_ms;
    return exchange(budget, std::move(request));
  }

  redis::RedisClient client{shared_redis().config(), ""};
  std::string state = budget::state_key(Secret{"a-key"});
};

} // namespace gleaner::test
