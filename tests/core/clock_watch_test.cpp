#include "core/clock_watch.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(clock_watch)

BOOST_AUTO_TEST_CASE(steps_are_told_once_and_with_their_sign) {
  ClockWatch watch;
  ClockWatch::SteadyTime now{1h};
  BOOST_TEST(!watch.step(5000000, now));
  BOOST_TEST(!watch.step(5010000, now += 10s));
  BOOST_TEST((watch.step(5020000 + 3600000, now += 10s) == std::optional{3600000ms}));
  BOOST_TEST(!watch.step(5030000 + 3600000, now += 10s));
  BOOST_TEST((watch.step(5040000, now += 10s) == std::optional{-3600000ms}));
}

BOOST_AUTO_TEST_CASE(a_second_of_drift_is_no_step) {
  ClockWatch watch;
  ClockWatch::SteadyTime now{1h};
  watch.step(0, now);
  BOOST_TEST(!watch.step(11000, now += 10s));
  BOOST_TEST(watch.step(22001, now += 10s).has_value());
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_long_on_its_way_is_no_step) {
  ClockWatch watch;
  ClockWatch::SteadyTime asked{1h};
  BOOST_TEST(!watch.step(15000, asked, asked + 15s)); // read at the end
  asked += 16s;
  BOOST_TEST(!watch.step(16000, asked, asked)); // 1 s later by both clocks, 16 s after it was asked
  asked += 10s;
  BOOST_TEST(!watch.step(39000, asked, asked + 13s));
  asked += 20s;
  const auto step = watch.step(39000 + 60000, asked, asked + 5s); // 25 s can have passed
  BOOST_TEST((step == std::optional{35000ms}));
}

BOOST_AUTO_TEST_SUITE_END()
