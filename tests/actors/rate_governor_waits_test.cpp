#include "tests/support/governor_fixture.hpp"

#include <algorithm>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

/// Waits that are long enough to be told to those who wait.
BOOST_FIXTURE_TEST_SUITE(rate_governor_waits, GovernorFixture)

BOOST_AUTO_TEST_CASE(credits_that_others_have_reserved_for_long_are_told_with_the_wait) {
  const auto reserved = [&](std::chrono::milliseconds settling) {
    BOOST_REQUIRE(!budget.open.empty());
    budget.reserve(clock_ms(), settling);
    run();
  };
  grant({});
  want("7", 0);
  for (int answer = 0; answer < 50; ++answer) {
    reserved(60s - answer * 100ms);
    BOOST_TEST(fetcher.count<PermitDelayed>() == 0u);
    advance(100ms);
  }
  reserved(55s);
  BOOST_REQUIRE(fetcher.count<PermitDelayed>() == 1u);
  BOOST_TEST((fetcher.last<PermitDelayed>().wait == 55s));
  BOOST_TEST(log.codes.back() == "api.credits_reserved");
  want("8", 0); // who comes later hears it, too
  BOOST_TEST(fetcher.count<PermitDelayed>() == 2u);
  advance(100ms);
  grant({clock_ms(), clock_ms()});
  BOOST_TEST(granted() == 2u);
  want("9", 0);
  BOOST_TEST(fetcher.count<PermitDelayed>() == 2u);
}

BOOST_AUTO_TEST_CASE(while_the_api_is_in_trouble_who_waits_is_told_so) {
  open_circuit();
  want("7", 10);
  BOOST_REQUIRE(fetcher.count<PermitDelayed>() == 1u);
  BOOST_TEST((fetcher.last<PermitDelayed>().wait == 5s));
  BOOST_TEST(fetcher.last<PermitDelayed>().in_trouble);
  want("8", 0);
  advance(5s); // one finds out
  BOOST_TEST(granted() == 11u);
  BOOST_TEST(fetcher.count<PermitDelayed>() == 2u);
  send_as(fetcher.handle, governor,
          PermitSpent{{}, PermitSpent::Outcome::failed, 30s, false, "d0.test"});
  BOOST_REQUIRE(fetcher.count<PermitDelayed>() == 3u); // the other one
  BOOST_TEST((fetcher.last<PermitDelayed>().wait == 30s));
}

BOOST_AUTO_TEST_SUITE_END()
