#include "core/polling_pace.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(polling_pace)

BOOST_AUTO_TEST_CASE(pauses_double_up_to_the_longest_and_work_makes_them_short_again) {
  PollingPace pace{15s};
  for (const int expected : {200, 400, 800, 1600, 3200, 6400, 12800, 15000, 15000})
    BOOST_TEST(pace.next().count() == expected);
  pace.found_work();
  BOOST_TEST(pace.next().count() == 200);
}

BOOST_AUTO_TEST_CASE(no_pause_exceeds_the_longest) {
  PollingPace pace{100ms};
  BOOST_TEST(pace.next().count() == 100);
  pace.found_work();
  BOOST_TEST(pace.next().count() == 100);
}

BOOST_AUTO_TEST_SUITE_END()
