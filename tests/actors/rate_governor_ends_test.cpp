#include "tests/support/governor_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

/// When permits end: the circuit opens, another key takes the place of that which they are for, or
/// the process drains.
BOOST_FIXTURE_TEST_SUITE(rate_governor_ends, GovernorFixture)

// A node of a cluster that went says nothing of the API.
BOOST_AUTO_TEST_CASE(what_is_lost_opens_no_circuit) {
  end_ten(PermitSpent::Outcome::lost);
  BOOST_TEST(metrics.circuit_open.Value() == 0.0);
  want("7", 10);
  BOOST_TEST(granted() == 11u);
  open_circuit();
  advance(5s); // one finds out
  want("8", 0);
  BOOST_TEST(granted() == 22u);
  send_as(fetcher.handle, governor,
          PermitSpent{{}, PermitSpent::Outcome::lost, {}, false, "d0.test"});
  want("8", 1); // and another one, since that one can't
  BOOST_TEST(granted() == 23u);
}

BOOST_AUTO_TEST_CASE(ten_failures_in_a_row_stop_requests_for_a_while) {
  open_circuit();
  BOOST_TEST(granted() == 10u);
  BOOST_TEST(metrics.circuit_open.Value() == 1.0);
  want("7", 10);
  want("7", 11);
  BOOST_TEST(granted() == 10u);
  advance(5s);
  BOOST_TEST(granted() == 11u); // one finds out
  send_as(fetcher.handle, governor,
          PermitSpent{{}, PermitSpent::Outcome::honoured, {}, true, "d0.test"});
  BOOST_TEST(granted() == 12u);
  BOOST_TEST(metrics.circuit_open.Value() == 0.0);
}

BOOST_AUTO_TEST_CASE(who_dies_while_finding_out_leaves_it_to_the_next) {
  open_circuit();
  want("7", 10);
  advance(5s);
  BOOST_TEST(granted() == 11u);
  Recorder<HunterFetcherActor> other{*this};
  send_as(other.handle, governor, PermitWanted{"8", 0, 1, 100});
  BOOST_TEST(other.count<PermitGranted>() == 0u);
  caf::anon_send_exit(fetcher.handle, caf::exit_reason::kill);
  run();
  BOOST_TEST(other.count<PermitGranted>() == 1u);
}

BOOST_AUTO_TEST_CASE(permits_of_a_key_are_not_used_for_the_next_one) {
  grant({});
  want("7", 0);
  want("7", 100);
  grant({clock_ms(), clock_ms() + 20});
  BOOST_TEST(granted() == 1u);
  const auto old = fetcher.all<PermitGranted>()[0].permit;
  want("7", 200);
  advance(10ms);
  send_as(governor, governor, BudgetMoved{});
  advance(15ms);
  BOOST_TEST(granted() == 1u);
  grant({clock_ms() + 1});
  advance(1ms);
  BOOST_TEST(granted() == 2u);
  send_as(fetcher.handle, governor, PermitReturned{old});
  send_as(fetcher.handle, governor,
          PermitSpent{old, PermitSpent::Outcome::refused, 3s, false, "acme.test"});
  advance(3s);
  BOOST_TEST(budget.requests.back().unused.empty());
  BOOST_TEST(budget.requests.back().refused.empty());
}

BOOST_AUTO_TEST_CASE(a_drain_gives_back_what_is_in_hand_and_what_comes_back) {
  Recorder<JobCoordinatorActor> coordinator{*this};
  grant({});
  want("7", 0);
  want("7", 100);
  want("7", 200);
  grant({clock_ms(), clock_ms() + 90});
  BOOST_REQUIRE(granted() == 1u);
  send_as(coordinator.handle, governor, HandInPermits{});
  BOOST_REQUIRE(budget.requests.back().unused.size() == 1u);
  BOOST_TEST(budget.requests.back().wanted == 0u);
  grant({});
  BOOST_TEST(coordinator.count<PermitsHandedIn>() == 0u); // one is with a fetcher
  send_as(fetcher.handle, governor, PermitReturned{fetcher.all<PermitGranted>()[0].permit});
  BOOST_TEST(budget.requests.back().unused.size() == 1u);
  BOOST_TEST(coordinator.count<PermitsHandedIn>() == 0u);
  grant({});
  BOOST_TEST(coordinator.count<PermitsHandedIn>() == 1u);
  BOOST_TEST(granted() == 1u);
}

BOOST_AUTO_TEST_CASE(a_job_that_goes_on_without_its_count_takes_no_permit_from_others) {
  grant({});
  want("7", 0);
  want("8", 0);
  send_as(fetcher.handle, governor, CountUnwanted{"7"});
  grant({clock_ms()});
  BOOST_REQUIRE(granted() == 1u);
  BOOST_TEST(fetcher.last<PermitGranted>().job_id == "8");
}

BOOST_AUTO_TEST_CASE(without_a_budget_a_drain_waits_for_nothing) {
  Recorder<JobCoordinatorActor> coordinator{*this};
  send_as(coordinator.handle, spawn_governor({}), HandInPermits{});
  BOOST_TEST(coordinator.count<PermitsHandedIn>() == 1u);
}

BOOST_AUTO_TEST_CASE(what_was_asked_for_before_the_budget_moved_brings_no_permit) {
  grant({});
  want("7", 0);
  send_as(governor, governor, BudgetMoved{});
  grant({clock_ms()});
  BOOST_TEST(granted() == 0u);
  grant({clock_ms()});
  BOOST_TEST(granted() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
