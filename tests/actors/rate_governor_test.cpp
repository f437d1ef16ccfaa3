#include "tests/support/governor_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(rate_governor_actor, GovernorFixture)

BOOST_AUTO_TEST_CASE(nothing_goes_out_without_a_permit_of_the_budget) {
  want("7", 0);
  advance(1h);
  BOOST_TEST(granted() == 0u);
  BOOST_TEST(budget.requests.size() == 1u);
  budget.fail();
  run();
  advance(1s);
  BOOST_TEST(granted() == 0u);
  BOOST_TEST(budget.requests.back().wanted == 1u);
}

BOOST_AUTO_TEST_CASE(permits_are_handed_out_at_their_times) {
  grant({});
  want("7", 0);
  want("7", 100);
  grant({clock_ms(), clock_ms() + 20});
  BOOST_TEST(granted() == 1u);
  advance(100ms);
  grant({clock_ms() + 20});
  BOOST_TEST(granted() == 1u);
  advance(20ms);
  BOOST_REQUIRE(granted() == 2u);
  BOOST_TEST(fetcher.all<PermitGranted>()[1].offset == 100u);
}

BOOST_AUTO_TEST_CASE(the_process_keeps_to_the_windows_whatever_the_budget_grants) {
  grant({});
  for (std::uint32_t offset = 0; offset < 4; ++offset)
    want("7", offset);
  grant({clock_ms(), clock_ms(), clock_ms(), clock_ms()});
  BOOST_TEST(granted() == 2u);
  advance(1024ms); // 1,050 less the 25 that a permit may be late
  BOOST_TEST(granted() == 2u);
  advance(1ms);
  grant({clock_ms(), clock_ms()});
  BOOST_TEST(granted() == 4u);
}

BOOST_AUTO_TEST_CASE(jobs_take_turns) {
  grant({});
  for (std::uint32_t offset = 0; offset < 3; ++offset)
    want("large", offset);
  want("small", 0);
  grant({clock_ms(), clock_ms()});
  BOOST_REQUIRE(granted() == 2u);
  BOOST_TEST(fetcher.all<PermitGranted>()[1].job_id == "small");
}

BOOST_AUTO_TEST_CASE(a_returned_permit_goes_back_to_the_budget) {
  grant({});
  want("7", 0);
  grant({clock_ms()});
  const auto permit = fetcher.all<PermitGranted>()[0].permit;
  send_as(fetcher.handle, governor, PermitReturned{permit});
  advance(3s);
  BOOST_REQUIRE(budget.requests.back().unused.size() == 1u);
  BOOST_TEST(budget.requests.back().unused[0].at_ms == permit.at_ms);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_told_to_all_sharers_at_once) {
  grant({});
  want("7", 0);
  grant({clock_ms()});
  const auto permit = fetcher.all<PermitGranted>()[0].permit;
  send_as(fetcher.handle, governor,
          PermitSpent{permit, PermitSpent::Outcome::refused, 3s, false, "acme.test"});
  BOOST_REQUIRE(budget.requests.back().refused.size() == 1u);
  BOOST_TEST((budget.requests.back().refused[0].wait == 3s));
}

BOOST_AUTO_TEST_CASE(while_a_window_is_full_it_still_reports_what_it_knows) {
  governor = spawn_governor({{{2, 1h}}});
  run();
  budget.open.pop_front(); // the other governor's
  grant({});
  want("7", 0);
  want("7", 1);
  grant({clock_ms(), clock_ms()});
  want("7", 2);
  const auto before = budget.requests.size();
  advance(3s);
  BOOST_REQUIRE(budget.requests.size() == before + 1);
  BOOST_TEST(budget.requests.back().known.has_value());
}

BOOST_AUTO_TEST_CASE(a_pace_that_is_closed_for_long_is_told_once) {
  const auto exchange = [&](std::chrono::milliseconds closed) {
    want("7", 0);
    budget.close(closed);
    run();
    advance(100ms);
  };
  exchange(3500ms); // a new state's
  BOOST_TEST(log.codes.empty());
  exchange(60s);
  exchange(59s);
  BOOST_TEST(log.codes.size() == 1u);
  exchange(0s);
  exchange(60s);
  BOOST_TEST(log.codes.size() == 2u);
}

BOOST_AUTO_TEST_CASE(pages_that_wait_for_a_closed_pace_are_told_for_how_long) {
  grant({});
  want("7", 0);
  budget.close(60s);
  run();
  BOOST_REQUIRE(fetcher.count<PermitDelayed>() == 1u);
  BOOST_TEST((fetcher.last<PermitDelayed>().wait == 60s));
  advance(100ms);
  budget.close(59900ms);
  run();
  BOOST_TEST(fetcher.count<PermitDelayed>() == 1u);
  want("8", 0);
  BOOST_REQUIRE(fetcher.count<PermitDelayed>() == 2u);
  BOOST_TEST(fetcher.last<PermitDelayed>().job_id == "8");
  BOOST_TEST((fetcher.last<PermitDelayed>().wait == 59900ms));
  advance(56s);
  want("9", 0);
  BOOST_TEST(fetcher.count<PermitDelayed>() == 2u);
}

BOOST_AUTO_TEST_CASE(a_budget_that_answers_too_late_is_told_once) {
  want("7", 0);
  for (int i = 0; i < 8; ++i) {
    const auto shown = clock_ms();
    advance(1100ms);
    budget.grant(shown, {}, 0ms);
    run();
    advance(1s);
  }
  BOOST_TEST(granted() == 0u);
  BOOST_TEST(log.codes == std::vector<std::string>{"api.pace_late"});
}

BOOST_AUTO_TEST_CASE(without_windows_everything_is_granted_at_once) {
  governor = spawn_governor({});
  for (std::uint32_t offset = 0; offset < 1000; ++offset)
    want("7", offset);
  BOOST_TEST(granted() == 1000u);
  BOOST_TEST(budget.requests.size() == 1u); // the other governor's
}

BOOST_AUTO_TEST_CASE(a_reached_cap_denies_all_who_wait_and_says_why) {
  grant({});
  want("7", 0);
  want("8", 0);
  budget.stop(SpendingStop::per_day, 5h);
  run();
  BOOST_REQUIRE(fetcher.count<PermitDenied>() == 2u);
  BOOST_TEST(fetcher.last<PermitDenied>().error.code == Errc::quota_exhausted);
  BOOST_TEST((fetcher.last<PermitDenied>().wait == 5h));
  want("9", 0);
  budget.stop(SpendingStop::drained, 30s);
  run();
  BOOST_TEST(fetcher.last<PermitDenied>().error.code == Errc::key_drained);
}

BOOST_AUTO_TEST_CASE(costs_and_the_account_go_to_the_budget) {
  grant({});
  want("7", 0);
  grant({clock_ms()});
  const auto permit = fetcher.all<PermitGranted>()[0].permit;
  send_as(fetcher.handle, governor,
          PermitSpent{permit, PermitSpent::Outcome::honoured, {}, true, "acme.test"});
  send_as(fetcher.handle, governor, PageCharged{permit, 52});
  BOOST_TEST(metrics.credits_spent.Value() == 6.0);
  BOOST_REQUIRE(budget.requests.back().charges.size() == 1u); // at once: it may be the last
  BOOST_TEST(budget.requests.back().charges[0].credits == 6.0);
  send_as(fetcher.handle, governor, AccountSeen{77, now(), "2099-01-31"});
  grant({});
  BOOST_TEST(budget.requests.back().remaining.value_or(0) == 77.0);
  BOOST_TEST(budget.requests.back().reset_date == "2099-01-31");
  BOOST_TEST(budget.requests.back().charges.empty());
}

BOOST_AUTO_TEST_CASE(the_most_that_a_waiting_page_can_cost_is_reserved) {
  grant({});
  const auto want_rows = [&](std::uint32_t offset, std::uint32_t rows) {
    send_as(fetcher.handle, governor, PermitWanted{"7", offset, 1, rows});
  };
  want_rows(0, 10);
  BOOST_TEST(budget.requests.back().page_cost == 1.0);
  want_rows(10, 100);
  grant({clock_ms()});
  BOOST_TEST(granted() == 0u); // a page of ten credits came to wait for the permit of one
  advance(100ms);
  BOOST_TEST(budget.requests.back().page_cost == 10.0);
}

BOOST_AUTO_TEST_SUITE_END()
