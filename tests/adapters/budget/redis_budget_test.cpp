#include "adapters/budget/redis_budget.hpp"
#include "adapters/redis/redis_client.hpp"
#include "tests/support/redis_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <future>

using namespace gleaner;
using namespace std::chrono_literals;

namespace redis_budget {

using budget::RedisBudget;

struct Fixture {
  Fixture() { call({"FLUSHALL"}); }

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

  BudgetAnswer want(std::uint32_t permits) {
    BudgetRequest request;
    request.wanted = permits;
    return exchange(std::move(request));
  }

  BudgetAnswer refuse(const Permit& permit, std::chrono::milliseconds wait = 0ms) {
    BudgetRequest request;
    request.refused = {{permit, wait}};
    return exchange(std::move(request));
  }

  void set(const char* field, const std::string& value) {
    call({"HSET", budget::state_key(Secret{"a-key"}), field, value});
  }

  /// A state that is older than its probation.
  void open() {
    want(0);
    set("open_at", "0");
  }

  redis::RedisClient client{test::shared_redis().config(), ""};
  RedisBudget budget{client, // 4 in 600 ms, 8 in 10.1 s
                     budget::state_key(Secret{"a-key"}),
                     {{4, 100ms}, {8, 10s}},
                     {},
                     "test"};
};

} // namespace redis_budget

BOOST_FIXTURE_TEST_SUITE(redis_budget, Fixture)

BOOST_AUTO_TEST_CASE(a_new_state_waits_for_those_who_know_an_older_one) {
  const auto answer = want(1);
  BOOST_TEST(answer.permits.empty());
  BOOST_TEST((answer.closed == 3500ms));
  BOOST_TEST((answer.next == 3000ms)); // permits are given half a second ahead
}

BOOST_AUTO_TEST_CASE(no_window_gets_more_than_it_allows_and_all_sharers_count) {
  open();
  const auto first = want(3);
  BOOST_REQUIRE(first.permits.size() == 3u);
  for (const auto& permit : first.permits)
    BOOST_TEST(permit.at_ms == first.now_ms);
  RedisBudget other{
    client, budget::state_key(Secret{"a-key"}), {{4, 100ms}, {8, 10s}}, {}, "other"};
  BudgetRequest request;
  request.wanted = 3;
  const auto second = try_exchange(other, request);
  BOOST_REQUIRE(second);
  BOOST_REQUIRE(second->permits.size() == 1u); // the next one is due in 600 ms
  const auto ahead = first.now_ms + 600 - (second->now_ms + 500);
  BOOST_TEST(second->next.count() == ahead);
  BOOST_TEST(second->mark.generation == first.mark.generation);
  BOOST_TEST(second->mark.count == 4);
}

BOOST_AUTO_TEST_CASE(keys_have_budgets_of_their_own) {
  open();
  want(8);
  RedisBudget other{
    client, budget::state_key(Secret{"b-key"}), {{4, 100ms}, {8, 10s}}, {}, "other"};
  const auto answer = try_exchange(other, {});
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->mark.count == 0);
  BOOST_TEST(budget::state_key(Secret{"b-key"}).find("key") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(unused_permits_are_for_others) {
  open();
  auto had = want(4).permits;
  BudgetRequest request;
  request.unused = {had[0], had[1]};
  request.wanted = 4;
  BOOST_TEST(exchange(request).permits.size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_long_window_holds_when_the_short_one_has_room) {
  open();
  want(4);
  call({"LSET", budget::state_key(Secret{"a-key"}) + ":grants", "0", "1"}); // one was long ago
  std::size_t granted = 4;
  for (int i = 0; i < 20; ++i) {
    const auto times = call({"LRANGE", budget::state_key(Secret{"a-key"}) + ":grants", "0", "-1"});
    for (std::size_t place = 0; place < times.items.size(); ++place) { // a second passes
      const auto earlier = std::stoll(times.items[place].text) - 1000;
      call({"LSET", budget::state_key(Secret{"a-key"}) + ":grants", std::to_string(place),
            std::to_string(earlier)});
    }
    if (i < 8)
      granted += want(4).permits.size();
  }
  BOOST_TEST(granted == 4u + 5u); // 8 within 10.1 s, and the one of long ago
}

BOOST_AUTO_TEST_CASE(a_state_that_was_lost_stays_closed_for_the_longest_window) {
  open();
  BudgetRequest request;
  request.known = want(2).mark;
  BOOST_TEST((exchange(request).closed == 0ms));
  call({"FLUSHALL"});
  BOOST_TEST((exchange(request).closed == 10100ms));
}

BOOST_AUTO_TEST_CASE(a_state_that_went_back_does_too) {
  open();
  BudgetRequest request;
  request.known = want(2).mark;
  request.known->count += 1;
  BOOST_TEST((exchange(request).closed == 10100ms));
  request.known->generation = "another";
  request.known->count = 0;
  set("open_at", "0");
  BOOST_TEST((exchange(request).closed == 10100ms));
}

BOOST_AUTO_TEST_CASE(a_stepped_clock_closes_it_for_the_longest_window) {
  open();
  want(1);
  BudgetRequest request;
  request.clock_stepped = true;
  BOOST_TEST((exchange(request).closed == 10100ms));
  call({"FLUSHALL"});
  open();
  want(1);
  call({"LSET", budget::state_key(Secret{"a-key"}) + ":grants", "0",
        "9000000000000"}); // as before a step back
  const auto answer = want(1);
  BOOST_TEST((answer.closed == 10100ms));
  BOOST_TEST(answer.permits.empty());
}

BOOST_AUTO_TEST_CASE(a_refusal_halves_the_windows_once_for_all_that_was_granted_before) {
  open();
  const auto had = want(3).permits;
  BOOST_TEST(refuse(had[0]).share == 0.5);
  BOOST_TEST(refuse(had[1]).share == 0.5);
  const auto answer = want(1);
  BOOST_TEST(answer.permits.empty());
  BOOST_TEST((answer.next > 50ms)); // two in 600 ms now, and three have been granted
}

BOOST_AUTO_TEST_CASE(the_wait_that_the_api_asks_for_holds_for_all) {
  open();
  const auto had = want(1).permits;
  BOOST_TEST((refuse(had[0], 7s).closed == 7s));
  BOOST_TEST((refuse(had[0], 1h).closed == 120s));
}

BOOST_AUTO_TEST_CASE(a_probe_finds_out_whether_the_windows_are_wide_again) {
  open();
  const auto had = want(3).permits;
  refuse(had[0]);
  BOOST_TEST(want(1).permits.empty()); // not yet
  set("probe_at", "0");
  const auto probing = want(2);
  BOOST_REQUIRE(probing.permits.size() == 1u);
  BOOST_TEST(probing.permits[0].probe);
  BOOST_TEST(want(1).permits.empty()); // one at a time
  const auto still = refuse(probing.permits[0]);
  BOOST_TEST(still.share == 0.5);
  const auto due = std::stoll(call({"HGET", budget::state_key(Secret{"a-key"}), "probe_at"}).text);
  BOOST_TEST(due == still.now_ms + 20000); // twice as long
  BudgetRequest request;
  request.probe_honoured = true;
  BOOST_TEST(exchange(request).share == 0.751);
  BOOST_TEST(exchange(request).share == 1);
  BOOST_TEST(exchange(request).share == 1);
}

BOOST_AUTO_TEST_CASE(refusals_in_a_row_open_the_circuit) {
  for (const bool honours : {false, true}) {
    call({"FLUSHALL"});
    open();
    std::chrono::milliseconds closed{0};
    for (int i = 0; i < 5; ++i) {
      call({"DEL", budget::state_key(Secret{"a-key"}) + ":grants"}); // time passes
      set("shrunk_at", "0");
      const auto granted = want(1).permits;
      BOOST_REQUIRE(granted.size() == 1u);
      closed = refuse(granted[0]).closed;
      BudgetRequest request;
      request.honoured_ms = granted[0].at_ms + 60000; // of one that came after
      if (honours && i == 2)
        exchange(request);
    }
    BOOST_TEST((closed == (honours ? 0s : 60s)));
  }
}

BOOST_AUTO_TEST_CASE(a_state_that_is_no_state_grants_nothing) {
  call({"SET", budget::state_key(Secret{"a-key"}), "text"});
  BudgetRequest request;
  request.wanted = 1;
  BOOST_TEST((try_exchange(budget, request).error().code == Errc::redis_refused));
  call({"FLUSHALL"});
  open();
  for (const auto* field : {"open_at", "share", "count", "probe_wait"})
    set(field, "no number");
  BOOST_TEST(want(1).permits.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
