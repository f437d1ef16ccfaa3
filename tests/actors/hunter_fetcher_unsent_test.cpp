#include "tests/support/fetcher_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(hunter_fetcher_unsent, FetcherFixture)

BOOST_AUTO_TEST_CASE(a_request_that_was_not_sent_is_no_try_and_gives_its_permit_back) {
  api.script = {ScriptedApi::unsent(), ScriptedApi::unsent(), ScriptedApi::unsent()};
  ask(50s);
  for (int i = 1; i <= 3; ++i) {
    grant();
    BOOST_TEST((api.send_before == now() + 50s)); // the lease ends before the permit
    BOOST_TEST(governor.count<PermitReturned>() == static_cast<std::size_t>(i));
    BOOST_TEST(governor.count<PermitWanted>() == static_cast<std::size_t>(i + 1));
  }
  api.script = {ScriptedApi::page("ok")};
  grant();
  BOOST_TEST(coordinator.count<PageFetched>() == 1u);
  BOOST_TEST(coordinator.count<PageDelayed>() == 0u);
}

BOOST_AUTO_TEST_CASE(what_nobody_wants_is_not_asked_for_again) {
  ask();
  grant();
  send_as(coordinator.handle, fetcher, AbandonPage{"7", 100});
  api.answer(ScriptedApi::unsent());
  run();
  BOOST_TEST(coordinator.count<PageAbandoned>() == 1u);
  BOOST_TEST(governor.count<PermitWanted>() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
