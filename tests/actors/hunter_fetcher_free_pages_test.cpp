#include "tests/support/fetcher_fixture.hpp"
#include "tests/support/print_error.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(hunter_fetcher_free_pages, FetcherFixture)

BOOST_AUTO_TEST_CASE(a_count_of_zero_answers_with_an_empty_page_and_no_search) {
  api.count_state = std::uint32_t{0};
  send_as(coordinator.handle, fetcher,
          FetchPage{"7", "default", {"acme.test", 0, 50}, now() + 1h, 1, true});
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
    send_as(coordinator.handle, fetcher,
            FetchPage{"7", "default", {"acme.test", 0, 50}, now() + 1h, 1, true});
    send_as(count_governor.handle, fetcher, PermitGranted{"7", 0, {}, now() + 1h});
    BOOST_TEST(governor.last<PermitWanted>().offset == 0u);
    send_as(coordinator.handle, fetcher, AbandonPage{"7", 0});
  }
  BOOST_TEST(governor.count<PermitWanted>() == 2u);
}

BOOST_AUTO_TEST_CASE(an_edge_block_is_the_pages_own_affair_when_the_account_can_be_read) {
  auto blocked = ScriptedApi::status(403);
  blocked.is_json = false;
  api.script = {blocked, blocked};
  ask();
  grant();
  BOOST_REQUIRE(coordinator.count<PageFailed>() == 1u);
  BOOST_TEST((coordinator.last<PageFailed>().error.code == Errc::api_rejected));
  api.account_state = Error{Errc::api_blocked, "HTTP 403"};
  ask();
  grant();
  BOOST_REQUIRE(coordinator.count<PageFailed>() == 2u);
  BOOST_TEST((coordinator.last<PageFailed>().error.code == Errc::api_blocked));
}

BOOST_AUTO_TEST_SUITE_END()
