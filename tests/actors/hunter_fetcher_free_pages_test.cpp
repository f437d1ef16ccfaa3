#include "tests/support/fetcher_fixture.hpp"
#include "tests/support/print_error.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(hunter_fetcher_free_pages, FetcherFixture)

BOOST_AUTO_TEST_CASE(a_count_of_zero_answers_with_an_empty_page_and_no_search) {
  api.count_state = std::uint32_t{0};
  ask_counted();
  BOOST_TEST(governor.count<PermitWanted>() == 0u);
  BOOST_REQUIRE(count_governor.count<PermitWanted>() == 1u);
  send_as(count_governor.handle, fetcher, PermitGranted{"7", 0, {5, 1, false}, now() + 1h});
  BOOST_TEST(api.counts == std::vector<std::string>{"acme.test"}, boost::test_tools::per_element());
  BOOST_TEST(api.requests.empty());
  BOOST_TEST(count_governor.last<PermitSpent>().permit.at_ms == 5);
  BOOST_REQUIRE(coordinator.count<PageFetched>() == 1u);
  BOOST_TEST(coordinator.last<PageFetched>().permit.at_ms == 0);
  BOOST_TEST(metrics.requests_saved_by_count.Value() == 1.0);
}

BOOST_AUTO_TEST_CASE(any_other_count_and_none_lead_to_the_search) {
  for (const auto& state : {Result<std::uint32_t>{std::uint32_t{3}},
                            Result<std::uint32_t>{Error{Errc::api_unavailable, ""}}}) {
    api.count_state = state;
    ask_counted();
    send_as(count_governor.handle, fetcher, PermitGranted{"7", 0, {}, now() + 1h});
    BOOST_TEST(governor.last<PermitWanted>().offset == 0u);
    send_as(coordinator.handle, fetcher, AbandonPage{"7", 0});
  }
  BOOST_TEST(governor.count<PermitWanted>() == 2u);
}

BOOST_AUTO_TEST_CASE(a_count_that_is_refused_tells_how_long_and_counts_as_throttled) {
  api.count_state = Error{Errc::api_throttled, "HTTP 429"};
  api.count_wait = 30s;
  ask_counted();
  send_as(count_governor.handle, fetcher, PermitGranted{"7", 0, {}, now() + 1h});
  BOOST_TEST((count_governor.last<PermitSpent>().outcome == PermitSpent::Outcome::refused));
  BOOST_TEST((count_governor.last<PermitSpent>().wait == 30s));
  BOOST_TEST(metrics.throttled.Value() == 1.0);
  BOOST_TEST(governor.count<PermitWanted>() == 1u);
}

BOOST_AUTO_TEST_CASE(a_search_does_not_wait_while_no_counts_may_be_asked) {
  ask_counted();
  send_as(count_governor.handle, fetcher, PermitDelayed{"7", 0, 30s});
  BOOST_TEST(coordinator.count<PageWaits>() == 0u);
  BOOST_TEST(count_governor.last<CountUnwanted>().job_id == "7");
  BOOST_REQUIRE(governor.count<PermitWanted>() == 1u);
  send_as(count_governor.handle, fetcher, PermitGranted{"7", 0, {}, now() + 1h});
  BOOST_TEST(api.counts.empty());
  BOOST_TEST(count_governor.count<PermitReturned>() == 1u);
}

BOOST_AUTO_TEST_CASE(a_count_is_waited_for_five_seconds_and_no_longer) {
  ask_counted();
  advance(4999ms);
  BOOST_TEST(governor.count<PermitWanted>() == 0u);
  advance(1ms);
  BOOST_TEST(governor.count<PermitWanted>() == 1u);
  BOOST_TEST(count_governor.count<CountUnwanted>() == 1u);
}

BOOST_AUTO_TEST_CASE(a_page_that_nobody_wants_any_more_wants_no_count) {
  ask_counted();
  send_as(coordinator.handle, fetcher, AbandonPage{"7", 0});
  BOOST_TEST(count_governor.count<CountUnwanted>() == 1u);
  BOOST_TEST(coordinator.count<PageAbandoned>() == 1u);
}

BOOST_AUTO_TEST_CASE(of_an_edge_block_the_account_knows_nothing) {
  auto blocked = ScriptedApi::status(403);
  blocked.is_json = false;
  api.script = {blocked};
  ask();
  grant();
  BOOST_REQUIRE(coordinator.count<PageFailed>() == 1u);
  BOOST_TEST((coordinator.last<PageFailed>().error.code == Errc::api_blocked));
  BOOST_TEST(api.account_calls == 0);
}

BOOST_AUTO_TEST_CASE(a_refused_key_is_the_pages_own_affair_when_the_account_can_be_read) {
  api.script = {ScriptedApi::status(401), ScriptedApi::status(401)};
  ask();
  grant();
  BOOST_REQUIRE(coordinator.count<PageFailed>() == 1u);
  BOOST_TEST((coordinator.last<PageFailed>().error.code == Errc::api_rejected));
  api.account_state = Error{Errc::key_rejected, "HTTP 401"};
  ask();
  grant();
  BOOST_REQUIRE(coordinator.count<PageFailed>() == 2u);
  BOOST_TEST((coordinator.last<PageFailed>().error.code == Errc::key_rejected));
}

BOOST_AUTO_TEST_SUITE_END()
