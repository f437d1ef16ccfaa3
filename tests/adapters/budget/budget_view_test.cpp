#include "adapters/budget/budget_view.hpp"
#include "tests/adapters/budget/budget_fixture.hpp"
#include "tests/adapters/budget/credit_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace budget_views {

const std::vector<RateWindow> windows{{4, 100ms}, {8, 10s}};

struct View : BudgetFixture {
  budget::BudgetView look(const std::vector<RateWindow>& of = windows) {
    const auto view = budget::view_budget(client, budget::state_key(Secret{"a-key"}), of);
    if (!view)
      BOOST_FAIL(view.error().detail);
    return *view;
  }
};

struct CreditView : CreditFixture {
  budget::BudgetView look() {
    const auto view = budget::view_budget(client, budget::state_key(Secret{"a-key"}), {});
    BOOST_REQUIRE(bool(view));
    return *view;
  }
};

} // namespace budget_views

BOOST_FIXTURE_TEST_SUITE(budget_view, budget_views::View)

BOOST_AUTO_TEST_CASE(a_key_that_nobody_has_used_is_open_and_stays_unknown_to_redis) {
  const auto view = look();
  BOOST_TEST(view.closed.count() == 0);
  BOOST_TEST(!view.drained);
  BOOST_TEST(!view.credits.account_read);
  BOOST_TEST(!view.credits.remaining);
  BOOST_REQUIRE(view.windows.size() == 2u);
  BOOST_TEST(view.windows[1].window.requests == 8u);
  BOOST_TEST(view.windows[1].allowed == 8u);
  BOOST_TEST(view.windows[1].used == 0u);
  BOOST_TEST(call({"DBSIZE"}).integer == 0);
}

BOOST_AUTO_TEST_CASE(requests_count_in_the_windows_that_hold_them) {
  open();
  const auto now = want(0).now_ms;
  for (const auto ago : {20'000, 9'000, 5'000, 40, -60'000})
    call({"RPUSH", budget::state_key(Secret{"a-key"}) + ":grants", std::to_string(now - ago)});
  const auto view = look();
  BOOST_TEST(view.windows[1].used == 3u);
  BOOST_TEST(view.windows[0].used <= 1u); // 40 ms ago, if this is fast
}

BOOST_AUTO_TEST_CASE(looking_takes_no_permit_and_changes_nothing) {
  open();
  const auto before = want(1);
  for (int i = 0; i < 5; ++i)
    look();
  BOOST_TEST(want(0).mark.count == before.mark.count);
}

BOOST_AUTO_TEST_CASE(refusals_show_as_less_that_is_used_and_as_a_pause) {
  open();
  refuse(want(1).permits.at(0), 30s);
  const auto view = look();
  BOOST_TEST(view.windows[0].allowed < 4u);
  BOOST_TEST(view.closed > 25s);
  BOOST_TEST(view.closed <= 30s);
}

BOOST_AUTO_TEST_CASE(a_drained_key_shows_as_such) {
  set("drained", "1");
  BOOST_TEST(look().drained);
}

BOOST_AUTO_TEST_CASE(what_is_no_state_is_an_error) {
  call({"SET", budget::state_key(Secret{"a-key"}), "x"});
  BOOST_TEST(!budget::view_budget(client, budget::state_key(Secret{"a-key"}), {}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(budget_view_of_credits, budget_views::CreditView)

BOOST_AUTO_TEST_CASE(credits_show_as_an_exchange_tells_them) {
  const auto budget = with({});
  const auto asked = want(*budget, 2);
  settle(*budget, asked.permits[0], 3);
  BudgetRequest request;
  request.account_read = true;
  request.remaining = 500.5;
  request.reset_date = "2026-12-01";
  const auto told = exchange(*budget, std::move(request)).credits;
  const auto seen = look().credits;
  BOOST_TEST(seen.spent_today == told.spent_today);
  BOOST_TEST(seen.spent_this_month == told.spent_this_month);
  BOOST_TEST(seen.reserved == told.reserved);
  BOOST_TEST(seen.reserved == 10.0);
  BOOST_TEST(seen.account_read);
  BOOST_REQUIRE(bool(seen.remaining));
  BOOST_TEST(*seen.remaining == told.remaining.value());
  want(*budget, 1);
  BOOST_TEST(look().reset_date == "2026-12-01", "it stays until the account is read again");
  tell_account(*budget, 400);
  BOOST_TEST(look().reset_date == "");
}

BOOST_AUTO_TEST_CASE(what_was_spent_on_another_day_or_in_another_month_is_over) {
  const auto credits = budget::state_key(Secret{"a-key"}) + ":credits";
  settle(*with({}), want(*with({}), 1).permits.at(0), 3);
  BOOST_TEST(look().credits.spent_today == 3.0);
  call({"HSET", credits, "day", "1", "month", "1"});
  BOOST_TEST(look().credits.spent_today == 0.0);
  BOOST_TEST(look().credits.spent_this_month == 0.0);
}

BOOST_AUTO_TEST_CASE(a_reservation_that_nobody_settles_is_forgotten) {
  const auto budget = with({});
  want(*budget, 1);
  BOOST_TEST(look().credits.reserved == 10.0);
  const auto reserved = budget::state_key(Secret{"a-key"}) + ":reserved";
  const auto member = call({"ZRANGE", reserved, "0", "0"});
  call({"ZADD", reserved, "1", member.items.at(0).text});
  BOOST_TEST(look().credits.reserved == 0.0);
}

BOOST_AUTO_TEST_CASE(an_account_that_does_not_say_is_read_and_unknown) {
  BudgetRequest request;
  request.account_read = true;
  exchange(*with({}), std::move(request));
  BOOST_TEST(look().credits.account_read);
  BOOST_TEST(!look().credits.remaining);
}

BOOST_AUTO_TEST_SUITE_END()
