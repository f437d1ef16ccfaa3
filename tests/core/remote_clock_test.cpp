#include "core/remote_clock.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(remote_clock)

using Time = RemoteClock::Time;

BOOST_AUTO_TEST_CASE(it_is_as_far_ahead_as_it_must_be_at_least) {
  RemoteClock clock;
  BOOST_TEST(!clock.at(Time{100s}));
  clock.asked(1, Time{100s});
  BOOST_TEST(
    clock.answered(1, Time{100s} + 40ms, Time{700s} + 30ms)); // read 30 ms after the question
  BOOST_TEST((clock.at(Time{200s}) == Time{800s} - 10ms));
  BOOST_TEST((clock.round_trip() == 40ms));
}

BOOST_AUTO_TEST_CASE(a_quicker_round_trip_says_more) {
  RemoteClock clock;
  for (std::uint64_t number = 1; number <= 3; ++number) {
    const auto trip = number == 2 ? 2ms : 400ms;
    clock.asked(number, Time{number * 1s});
    clock.answered(number, Time{number * 1s} + trip, Time{number * 1s} + trip / 2);
  }
  BOOST_TEST((clock.at(Time{9s}) == Time{9s} - 1ms));
}

BOOST_AUTO_TEST_CASE(clocks_drift_so_the_best_is_forgotten) {
  RemoteClock clock;
  clock.asked(1, Time{1s});
  clock.answered(1, Time{1s}, Time{1s});
  clock.asked(2, Time{62s});
  clock.answered(2, Time{62s} + 10ms, Time{63s});
  BOOST_TEST((clock.at(Time{100s}) == Time{101s} - 10ms));
}

BOOST_AUTO_TEST_CASE(answers_to_nothing_count_for_nothing) {
  RemoteClock clock;
  clock.asked(1, Time{1s});
  clock.asked(2, Time{2s});
  BOOST_TEST(!clock.answered(7, Time{3s}, Time{9s}));
  BOOST_TEST(clock.answered(2, Time{3s}, Time{9s}));
  BOOST_TEST(!clock.answered(1, Time{3s}, Time{9s})); // overtaken
  BOOST_TEST(!clock.answered(2, Time{3s}, Time{9s}));
}

BOOST_AUTO_TEST_CASE(no_end_stays_no_end) {
  RemoteClock clock;
  clock.asked(1, Time{5s});
  clock.answered(1, Time{5s}, Time{1s});
  BOOST_TEST((clock.at(Time::max()) == Time::max()));
}

BOOST_AUTO_TEST_SUITE_END()
