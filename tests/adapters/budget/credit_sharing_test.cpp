#include "tests/adapters/budget/credit_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(credit_sharing, CreditFixture)

BOOST_AUTO_TEST_CASE(costs_told_again_leave_other_permits_of_the_same_time_alone) {
  with({});
  const auto budget = std::make_unique<RedisBudget>(client, state, std::vector<RateWindow>{{9, 1s}},
                                                    CreditRules{{}, 10}, "test");
  const auto permits = want(*budget, 4).permits;
  BOOST_TEST(permits[0].at_ms == permits[3].at_ms);
  for (int times = 0; times < 3; ++times)
    settle(*budget, permits[0], 1);
  const auto after = want(*budget, 0);
  BOOST_TEST(after.credits.reserved == 30.0);
  BOOST_TEST(after.credits.spent_today == 31.0);
}

BOOST_AUTO_TEST_CASE(permits_of_an_answer_that_never_came_are_given_back) {
  const auto budget = with({});
  want(*budget, 3);
  want(*budget, 2); // these two answers are lost
  BudgetRequest request;
  request.failures = 2;
  const auto after = exchange(*budget, request);
  BOOST_TEST(after.credits.reserved == 0.0);
  BOOST_TEST(after.credits.spent_today == 0.0);
  BOOST_TEST(call({"LLEN", state + ":grants"}).integer == 0);
}

BOOST_AUTO_TEST_CASE(an_exchange_that_arrives_late_gives_back_no_permits_of_later_ones) {
  const auto budget = with({}), late = with({}); // of one sharer, so they count alike
  want(*budget, 2);                              // the second: its answer is lost
  want(*budget, 0);                              // stands for the third, which is late
  want(*budget, 3);
  want(*late, 0); // so that its next one is the third
  BudgetRequest request;
  request.failures = 1;
  BOOST_TEST(exchange(*late, request).credits.reserved == 30.0);
  BOOST_TEST(call({"LLEN", state + ":grants"}).integer == 3);
}

BOOST_AUTO_TEST_CASE(a_page_of_yesterday_gives_nothing_back_today) {
  const auto budget = with({});
  settle(*budget, want(*budget, 1).permits.at(0), 10);
  constexpr std::int64_t day_ms = 86400000;
  const auto now = want(*budget, 0).now_ms;
  const auto before_midnight = std::to_string(now - now % day_ms - 1000);
  call({"ZADD", state + ":reserved", before_midnight, "77 10 other:1"});
  BudgetRequest request;
  request.charges = {{Permit{now - now % day_ms - 1000, 77, false}, 2}};
  const auto after = exchange(*budget, request);
  BOOST_TEST(after.credits.reserved == 0.0);
  BOOST_TEST(after.credits.spent_today == 10.0);
}

BOOST_AUTO_TEST_CASE(while_reservations_may_still_become_free_the_longest_wait_is_told) {
  CreditCaps caps;
  caps.per_day = 15;
  const auto budget = with(caps);
  const auto permits = want(*budget, 1);
  const auto settled_by = permits.permits.at(0).at_ms + 60000;
  const auto after = want(*budget, 1);
  BOOST_TEST(after.permits.empty());
  BOOST_TEST((after.credits.stop == SpendingStop::none));
  BOOST_TEST(after.now_ms + after.credits.settling.count() == settled_by + 1);
  BOOST_TEST(want(*budget, 0).credits.settling.count() == 0);
  BOOST_TEST(settle(*budget, permits.permits.at(0), 1).credits.settling.count() == 0);
  BOOST_TEST(want(*budget, 1).permits.size() == 1u);
}

BOOST_AUTO_TEST_CASE(pages_of_a_dead_worker_hold_up_no_stop_for_long) {
  CreditCaps caps;
  caps.per_day = 10;
  const auto budget = with(caps);
  const auto asked = want(*budget, 1);
  BOOST_TEST((want(*budget, 1).credits.stop == SpendingStop::none));
  const auto member = call({"ZRANGE", state + ":reserved", "0", "-1"}).items.at(0).text;
  call({"ZADD", state + ":reserved", std::to_string(asked.now_ms - 61000), member});
  BOOST_TEST((want(*budget, 1).credits.stop == SpendingStop::per_day));
}

BOOST_AUTO_TEST_CASE(what_was_settled_since_the_account_was_asked_is_not_in_its_figure) {
  const auto budget = with({});
  const auto permits = want(*budget, 3).permits;
  settle(*budget, permits[0], 7);
  const auto settled = call({"ZRANGE", state + ":settled", "0", "-1"}).items;
  BOOST_REQUIRE(settled.size() == 1u);
  const auto asked_at = want(*budget, 0).now_ms;
  call({"ZADD", state + ":settled", std::to_string(asked_at - 1), settled[0].text});
  settle(*budget, permits[1], 4);
  BOOST_TEST(*tell_account(*budget, 500, asked_at).credits.remaining == 486.0); // 10 are under way
  BOOST_TEST(*tell_account(*budget, 500).credits.remaining == 490.0);
  call({"ZADD", state + ":settled", std::to_string(asked_at - 300'001), settled[0].text});
  want(*budget, 0);
  BOOST_TEST(call({"ZCARD", state + ":settled"}).integer == 1);
}

BOOST_AUTO_TEST_CASE(who_only_looks_leaves_the_pace_of_others_alone) {
  const auto budget = with({});
  want(*budget, 9);
  RedisBudget looks{client, state, {{2, 60s}}, CreditRules{{}, 10}, "looks"};
  exchange(looks, {});
  RedisBudget off{client, state, {}, CreditRules{{}, 10}, "off"};
  exchange(off, {});
  BOOST_TEST(call({"LLEN", state + ":grants"}).integer == 9);
  BOOST_TEST(call({"PTTL", state + ":grants"}).integer > 100000);
}

BOOST_AUTO_TEST_CASE(what_is_reported_of_a_replaced_key_does_not_reach_the_next) {
  const auto budget = with({});
  BudgetRequest request;
  request.known = want(*budget, 1).mark;
  budget->move_to(budget::state_key(Secret{"next-key"}));
  request.wanted = 1;
  const auto next = exchange(*budget, request);
  BOOST_TEST((next.closed <= 3500ms)); // its own probation, and no more
}

BOOST_AUTO_TEST_SUITE_END()
