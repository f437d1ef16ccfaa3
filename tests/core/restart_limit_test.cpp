#include "core/restart_limit.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(restart_limit)

BOOST_AUTO_TEST_CASE(five_in_a_minute_are_allowed_and_no_more) {
  RestartLimit limit;
  RestartLimit::Time now{1h};
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(limit.allows(now += 10s));
  BOOST_TEST(!limit.allows(now += 10s));
  BOOST_TEST(limit.allows(now += 10s)); // a minute after the first
  BOOST_TEST(!limit.allows(now));
}

BOOST_AUTO_TEST_SUITE_END()
