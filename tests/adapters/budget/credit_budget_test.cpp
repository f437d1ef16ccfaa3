#include "tests/adapters/budget/credit_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(credit_budget, CreditFixture)

BOOST_AUTO_TEST_CASE(a_page_is_reserved_at_its_most_and_settled_at_its_cost) {
  const auto budget = with({});
  const auto asked = want(*budget, 2);
  BOOST_TEST(asked.permits.size() == 2u);
  BOOST_TEST(asked.credits.reserved == 20.0);
  BOOST_TEST(asked.credits.spent_today == 20.0);
  const auto settled = settle(*budget, asked.permits[0], 3);
  BOOST_TEST(settled.credits.reserved == 10.0);
  BOOST_TEST(settled.credits.spent_today == 13.0);
  BOOST_TEST(settled.credits.spent_this_month == 13.0);
}

BOOST_AUTO_TEST_CASE(a_cost_that_is_told_twice_counts_once) {
  const auto budget = with({});
  const auto asked = want(*budget, 1);
  settle(*budget, asked.permits[0], 3);
  BOOST_TEST(settle(*budget, asked.permits[0], 3).credits.spent_today == 3.0);
}

BOOST_AUTO_TEST_CASE(an_unused_permit_costs_nothing) {
  const auto budget = with({});
  BudgetRequest request;
  request.unused = want(*budget, 1).permits;
  const auto after = exchange(*budget, std::move(request));
  BOOST_TEST(after.credits.reserved == 0.0);
  BOOST_TEST(after.credits.spent_today == 0.0);
}

BOOST_AUTO_TEST_CASE(a_cap_is_never_passed_and_waits_for_what_is_under_way) {
  CreditCaps caps;
  caps.per_day = 25;
  const auto budget = with(caps);
  const auto first = want(*budget, 5);
  BOOST_TEST(first.permits.size() == 2u);
  const auto waits = want(*budget, 1);
  BOOST_TEST(waits.permits.empty());
  BOOST_TEST((waits.credits.stop == SpendingStop::none));
  settle(*budget, first.permits[0], 4);
  BOOST_TEST(want(*budget, 5).permits.size() == 1u); // 14 and one more of 10
}

BOOST_AUTO_TEST_CASE(a_reached_cap_says_which_and_until_when) {
  CreditCaps caps;
  caps.per_day = 15;
  auto budget = with(caps);
  settle(*budget, want(*budget, 1).permits.at(0), 10);
  const auto day = want(*budget, 1);
  BOOST_TEST((day.credits.stop == SpendingStop::per_day));
  constexpr std::chrono::milliseconds whole_day = 24h;
  const auto rest_of_day = whole_day - std::chrono::milliseconds{day.now_ms % whole_day.count()};
  BOOST_TEST(day.credits.stop_for.count() == rest_of_day.count());
  caps = {};
  caps.per_month = 15;
  budget = with(caps);
  const auto month = want(*budget, 1);
  BOOST_TEST((month.credits.stop == SpendingStop::per_month));
  using namespace std::chrono;
  const sys_time<milliseconds> end{milliseconds{month.now_ms} + month.credits.stop_for};
  BOOST_TEST((end == floor<days>(end)));
  BOOST_TEST((year_month_day{floor<days>(end)}.day() == 1d));
  BOOST_TEST((month.credits.stop_for <= 24h * 31));
}

BOOST_AUTO_TEST_CASE(no_more_is_reserved_than_the_pages_can_cost) {
  CreditCaps caps;
  caps.per_day = 35;
  const auto budget = with(caps);
  want(*budget, 2); // as much as any page can cost
  BudgetRequest small;
  small.wanted = 20;
  small.page_cost = 1;
  const auto granted = exchange(*budget, small);
  BOOST_TEST(granted.permits.size() == 15u);
  BOOST_TEST(granted.credits.reserved == 35.0);
  BOOST_TEST(settle(*budget, granted.permits[0], 0).credits.reserved == 34.0);
}

BOOST_AUTO_TEST_CASE(the_account_keeps_its_floor) {
  CreditCaps caps;
  caps.floor = 100;
  const auto budget = with(caps);
  BOOST_TEST(want(*budget, 1).permits.size() == 1u); // nothing is known of the account yet
  BOOST_TEST(*tell_account(*budget, 130).credits.remaining == 120.0); // one page is under way
  const auto some = want(*budget, 5);
  BOOST_TEST(some.permits.size() == 2u);
  for (const auto& permit : some.permits)
    settle(*budget, permit, 10);
  BOOST_TEST((want(*budget, 1).credits.stop == SpendingStop::none)); // the first may turn out free
  call({"DEL", state + ":reserved"});
  const auto stopped = want(*budget, 1);
  BOOST_TEST((stopped.credits.stop == SpendingStop::floor));
  BOOST_TEST((stopped.credits.stop_for == 0ms));
  tell_account(*budget, 1000);
  BOOST_TEST(want(*budget, 1).permits.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_account_that_no_longer_says_what_remains_has_no_floor) {
  CreditCaps caps;
  caps.floor = 5;
  const auto budget = with(caps);
  BOOST_TEST(!want(*budget, 0).credits.account_read);
  tell_account(*budget, 2);
  BOOST_TEST((want(*budget, 1).credits.stop == SpendingStop::floor));
  tell_account(*budget, {});
  const auto told = want(*budget, 1);
  BOOST_TEST(told.permits.size() == 1u);
  BOOST_TEST(told.credits.account_read); // so that nobody tells an older figure again
  BOOST_TEST(!told.credits.remaining);
}

BOOST_AUTO_TEST_CASE(spending_of_another_day_does_not_count_and_of_the_same_month_does) {
  const auto budget = with({});
  settle(*budget, want(*budget, 1).permits.at(0), 8);
  call({"HSET", state + ":credits", "day", "1"});
  const auto next = want(*budget, 0);
  BOOST_TEST(next.credits.spent_today == 0.0);
  BOOST_TEST(next.credits.spent_this_month == 8.0);
}

BOOST_AUTO_TEST_CASE(a_drained_key_gets_nothing_until_it_is_resumed) {
  const auto budget = with({});
  call({"HSET", state, "drained", "1"});
  const auto drained = want(*budget, 1);
  BOOST_TEST(drained.permits.empty());
  BOOST_TEST((drained.credits.stop == SpendingStop::drained));
  BOOST_TEST(call({"PTTL", state}).integer == -1); // for however long
  call({"HDEL", state, "drained"});
  BOOST_TEST(want(*budget, 1).permits.size() == 1u);
  BOOST_TEST(call({"PTTL", state}).integer > 0);
}

BOOST_AUTO_TEST_CASE(who_dies_with_pages_under_way_has_spent_them) {
  const auto budget = with({});
  want(*budget, 1);
  const auto members = call({"ZRANGE", state + ":reserved", "0", "-1"}).items;
  BOOST_REQUIRE(members.size() == 1u);
  call({"ZADD", state + ":reserved", "1000", members[0].text}); // long ago
  const auto later = want(*budget, 0);
  BOOST_TEST(later.credits.reserved == 0.0);
  BOOST_TEST(later.credits.spent_today == 10.0);
}

BOOST_AUTO_TEST_CASE(caps_hold_where_no_windows_do) {
  CreditCaps caps;
  caps.per_day = 30;
  RedisBudget budget{client, state, {}, CreditRules{caps, 10}, "test"};
  exchange(budget, {});
  call({"HSET", state, "open_at", "0"});
  BOOST_TEST(want(budget, 200).permits.size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
