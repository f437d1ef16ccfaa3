#pragma once

#include "adapters/budget/redis_budget.hpp"
#include "adapters/redis/redis_client.hpp"
#include "tests/support/redis_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <future>
#include <string>
#include <utility>
#include <vector>

namespace gleaner::test {

using budget::RedisBudget;
using namespace std::chrono_literals;

/// A budget in a Redis that is empty.
struct BudgetFixture {
  BudgetFixture() { call({"FLUSHALL"}); }

  redis::RedisValue call(std::vector<std::string> args) {
    auto value = client.call(std::move(args));
    BOOST_REQUIRE(value);
    return *value;
  }

  Result<BudgetAnswer> try_exchange(RedisBudget& with, BudgetRequest request) {
    std::promise<Result<BudgetAnswer>> answer;
    with.exchange(std::move(request), [&](auto given) { answer.set_value(std::move(given)); });
    return answer.get_future().get();
  }

  BudgetAnswer exchange(BudgetRequest request) {
    auto answer = try_exchange(budget, std::move(request));
    BOOST_REQUIRE(answer);
    return *answer;
  }

  BudgetAnswer ask(RedisBudget& with, std::uint32_t permits) {
    BudgetRequest request;
    request.wanted = permits;
    auto answer = try_exchange(with, std::move(request));
    BOOST_REQUIRE(answer);
    return *answer;
  }

  BudgetAnswer want(std::uint32_t permits) { return ask(budget, permits); }

  BudgetAnswer refuse(const Permit& permit, std::chrono::milliseconds wait = 0ms) {
    BudgetRequest request;
    request.refused = {{permit, wait}};
    return exchange(std::move(request));
  }

  void set(const char* field, const std::string& value) {
    call({"HSET", budget::state_key(Secret{"a-key"}), field, value});
  }

  void set_open() { set("open_at", "0"); }

  /// A state that is older than its probation.
  void open() {
    want(0);
    set_open();
  }

  redis::RedisClient client{shared_redis().config(), ""};
  RedisBudget budget{client, // 4 in 600 ms, 8 in 10.1 s
                     budget::state_key(Secret{"a-key"}),
                     {{4, 100ms}, {8, 10s}},
                     {},
                     "test"};
};

} // namespace gleaner::test
