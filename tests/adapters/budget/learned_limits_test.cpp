#include "tests/adapters/budget/budget_fixture.hpp"

using namespace gleaner;
using namespace std::chrono_literals;

namespace learned_limits {

using budget::RedisBudget;

struct Fixture : test::BudgetFixture {
  std::int64_t number(const std::string& field) {
    return std::stoll(call({"HGET", budget::state_key(Secret{"a-key"}), field}).text);
  }
  std::int64_t limit(const std::string& window) { return number("limit:" + window); }

  /// A state of `single` of whose four requests two are used, with nothing granted lately.
  void reduce() {
    open();
    BudgetRequest request;
    request.refused = {{ask(single, 3).permits[2], 0ms}};
    BOOST_REQUIRE(try_exchange(single, request));
    call({"DEL", budget::state_key(Secret{"a-key"}) + ":grants"});
    set("refused_in_row", "0");
    BOOST_TEST(ask(single, 3).permits.size() == 2u);
  }

  /// The probe that is due.
  Permit probe() {
    set("probe_at", "0");
    const auto probing = ask(single, 2).permits;
    BOOST_REQUIRE(probing.size() == 1u);
    BOOST_TEST(probing[0].probe);
    return probing[0];
  }

  RedisBudget single{client, budget::state_key(Secret{"a-key"}), {{4, 10s}}, {}, "test"};
};

} // namespace learned_limits

BOOST_FIXTURE_TEST_SUITE(learned_limits, Fixture)

BOOST_AUTO_TEST_CASE(a_refusal_reduces_once_for_all_that_was_granted_before) {
  open();
  const auto had = want(3).permits;
  BOOST_TEST(refuse(had[2]).share == 0.5);
  BOOST_TEST(refuse(had[1]).share == 0.5);
  const auto answer = want(1);
  BOOST_TEST(answer.permits.empty());
  BOOST_TEST((answer.next > 50ms)); // not before the short window is empty, 600 ms later
}

BOOST_AUTO_TEST_CASE(the_shortest_window_that_held_anything_is_reduced_then_a_longer_one) {
  open();
  const auto had = want(3).permits;
  refuse(had[2]);
  BOOST_TEST(limit("4/100") == 2);
  BOOST_TEST(limit("8/10000") == 8);
  set_open();
  const auto long_ago = std::to_string(had[0].at_ms - 200);
  for (const auto* place : {"0", "1", "2"})
    call({"LSET", budget::state_key(Secret{"a-key"}) + ":grants", place, long_ago});
  set("shrunk_at", "0");
  const auto next = want(1).permits;
  BOOST_REQUIRE(next.size() == 1u);
  refuse(next[0]);                   // three within 10 s, none within 100 ms
  BOOST_TEST(limit("8/10000") == 2); // not the half, which is more than three
  BOOST_TEST(limit("4/100") == 1);
}

BOOST_AUTO_TEST_CASE(the_wait_that_the_api_asks_for_holds_for_all) {
  open();
  const auto had = want(1).permits;
  BOOST_TEST((refuse(had[0], 7s).closed == 7s));
  BOOST_TEST((refuse(had[0], 2h).closed == 1h));
}

BOOST_AUTO_TEST_CASE(a_probe_finds_out_whether_the_windows_are_wide_again) {
  reduce();
  const auto refused = probe();
  BOOST_TEST(ask(single, 1).permits.empty());      // one at a time
  for (const int seconds : {15, 30, 30, 60, 60}) { // after the second refusal, the third ...
    BudgetRequest request;
    request.refused = {{refused, 0ms}};
    const auto still = try_exchange(single, request);
    BOOST_REQUIRE(still);
    BOOST_TEST(still->share == 0.5);
    BOOST_TEST(number("probe_at") == still->now_ms + seconds * 1000);
  }
  probe();
  BudgetRequest request;
  request.probe_honoured = true;
  BOOST_TEST(try_exchange(single, request)->share == 1);
  BOOST_TEST(try_exchange(single, request)->share == 1);
}

BOOST_AUTO_TEST_CASE(a_probe_that_was_not_used_is_made_again_at_once) {
  reduce();
  BudgetRequest request;
  request.unused = {probe()};
  request.wanted = 1;
  const auto again = try_exchange(single, request);
  BOOST_REQUIRE(again);
  BOOST_REQUIRE(again->permits.size() == 1u);
  BOOST_TEST(again->permits[0].probe);
}

BOOST_AUTO_TEST_CASE(nothing_is_probed_while_all_is_refused) {
  reduce();
  set("refused_in_row", "1");
  set("probe_at", "0");
  BOOST_TEST(ask(single, 1).permits.empty());
}

BOOST_AUTO_TEST_CASE(a_refusal_while_a_raised_limit_is_tried_says_what_it_is) {
  open();
  const auto had = ask(single, 3).permits;
  BOOST_REQUIRE(had.size() == 3u);
  set("proven:4/10000", "2");
  set("risen_at", std::to_string(had[0].at_ms));
  BudgetRequest request;
  request.refused = {{had[2], 0ms}};
  BOOST_REQUIRE(try_exchange(single, request));
  BOOST_TEST(limit("4/10000") == 2); // a third was refused
  BOOST_TEST(number("refused_in_row") == 0);
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

BOOST_AUTO_TEST_SUITE_END()
