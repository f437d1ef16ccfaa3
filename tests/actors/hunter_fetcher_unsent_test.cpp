#include "tests/support/fetcher_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(hunter_fetcher_unsent, FetcherFixture)

BOOST_AUTO_TEST_CASE(a_page_that_was_not_sent_goes_back_with_its_permit) {
  api.script = {ScriptedApi::without_answer(ApiAnswer::Transport::unsent)};
  ask(50s);
  grant();
  BOOST_TEST((api.send_before == now() + 50s)); // the lease ends before the permit
  BOOST_TEST(governor.count<PermitReturned>() == 1u);
  BOOST_TEST(coordinator.count<PageAbandoned>() == 1u);
  BOOST_TEST(coordinator.count<PageDelayed>() == 0u);
}

// It may have been asked for.
BOOST_AUTO_TEST_CASE(a_page_of_a_lost_node_goes_back_and_its_permit_is_spent) {
  api.script = {ScriptedApi::without_answer(ApiAnswer::Transport::node_lost)};
  ask();
  grant();
  BOOST_TEST(governor.count<PermitReturned>() == 0u);
  BOOST_REQUIRE(governor.count<PermitSpent>() == 1u);
  BOOST_TEST((governor.last<PermitSpent>().outcome == PermitSpent::Outcome::lost));
  BOOST_TEST(coordinator.count<PageAbandoned>() == 1u);
}

BOOST_AUTO_TEST_CASE(what_a_node_has_read_is_told_as_such) {
  auto answer = ScriptedApi::page("packed");
  answer.normalized = true;
  api.script = {answer};
  ask();
  grant();
  BOOST_REQUIRE(coordinator.count<PageFetched>() == 1u);
  BOOST_TEST(coordinator.last<PageFetched>().normalized);
}

BOOST_AUTO_TEST_SUITE_END()
