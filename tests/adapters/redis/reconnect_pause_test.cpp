#include "adapters/redis/reconnect_pause.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace gleaner::redis;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(reconnect)

BOOST_AUTO_TEST_CASE(the_bound_of_the_pause_doubles_up_to_five_seconds) {
  const auto longest = [](unsigned failures) { return reconnect_pause(failures, 0.9999999); };
  BOOST_TEST(longest(1).count() == 49);
  BOOST_TEST(longest(2).count() == 99);
  BOOST_TEST(longest(7).count() == 3199);
  for (const unsigned many : {8u, 20u, 4000000000u})
    BOOST_TEST(longest(many).count() == 4999);
}

BOOST_AUTO_TEST_CASE(the_pause_is_anything_up_to_its_bound) {
  BOOST_TEST(reconnect_pause(8, 0).count() == 0);
  BOOST_TEST(reconnect_pause(8, 0.5).count() == 2500);
}

BOOST_AUTO_TEST_CASE(a_failure_makes_us_wait_and_a_success_forgets_the_failures) {
  ReconnectClock clock;
  const ReconnectClock::Clock::time_point start{1h};
  BOOST_TEST(clock.is_due(start));
  for (int i = 0; i < 50; ++i)
    clock.failed(start);
  BOOST_TEST(clock.is_due(start + 5s));
  clock.succeeded();
  clock.failed(start);
  BOOST_TEST(clock.is_due(start + 50ms));
}

BOOST_AUTO_TEST_SUITE_END()
