#include "actors/rate_governor.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/recorder.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace rate_governor_actor {

struct Fixture : DeterministicSystem {
  Recorder<HunterFetcherActor> fetcher{*this};
  RateGovernorActor governor = spawn(rate_governor, RateWindows{{{2, 1s}}}); // watched for 1,050 ms

  void want(std::uint32_t offset) { send_as(fetcher.handle, governor, PermitWanted{"7", offset}); }
};

} // namespace rate_governor_actor

BOOST_FIXTURE_TEST_SUITE(rate_governor_actor, Fixture)

BOOST_AUTO_TEST_CASE(permits_are_granted_in_order_as_the_window_allows) {
  for (std::uint32_t offset = 0; offset < 5; ++offset)
    want(offset);
  BOOST_TEST(fetcher.count<PermitGranted>() == 2u);
  advance(1049ms);
  BOOST_TEST(fetcher.count<PermitGranted>() == 2u);
  advance(1ms);
  BOOST_TEST(fetcher.count<PermitGranted>() == 4u);
  advance(1050ms);
  BOOST_REQUIRE(fetcher.count<PermitGranted>() == 5u);
  for (std::uint32_t offset = 0; offset < 5; ++offset)
    BOOST_TEST(fetcher.all<PermitGranted>()[offset].offset == offset);
}

BOOST_AUTO_TEST_CASE(a_returned_permit_is_granted_to_the_next) {
  want(0);
  want(1);
  send_as(fetcher.handle, governor, PermitReturned{"7"});
  want(2);
  BOOST_TEST(fetcher.count<PermitGranted>() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
