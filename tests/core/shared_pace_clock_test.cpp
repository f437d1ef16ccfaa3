#include "tests/core/shared_pace_fixture.hpp"

using namespace gleaner;
using namespace std::chrono_literals;

/// What is known of the queue's clock, and how answers tell it that take their time.
BOOST_FIXTURE_TEST_SUITE(shared_pace_clock, test::SharedPaceFixture)

BOOST_AUTO_TEST_CASE(a_permit_whose_answer_was_slow_is_used_neither_too_early_nor_too_late) {
  BOOST_REQUIRE(has_request(1));
  auto slow = answer({100ms, 100ms});
  now += 150ms; // the queue's 100 ms ahead may be over since 50 ms, or begin in 100 ms
  pace.answered(slow, now);
  BOOST_TEST(!pace.take(now));
  now += 99ms;
  BOOST_TEST(!pace.take(now));
  now += 1ms;
  BOOST_TEST(pace.take(now).has_value());
  now += 50ms; // 300 ms after it was asked for
  BOOST_TEST(!pace.take(now));
}

BOOST_AUTO_TEST_CASE(after_a_quick_answer_a_slow_one_tells_the_time_as_well) {
  exchange(1);
  now += 120ms;
  BOOST_REQUIRE(has_request(1));
  now += 3s;
  auto late = answer({0ms});
  now += 3s;
  pace.answered(late, now);
  BOOST_TEST(!pace.take(now)); // it was for 3 s ago
  now += 120ms;
  BOOST_REQUIRE(has_request(1));
  auto later = answer({4s});
  now += 4s;
  pace.answered(later, now);
  now += 20ms; // what the clocks may have drifted
  BOOST_TEST(pace.take(now).has_value());
}

BOOST_AUTO_TEST_CASE(how_much_later_permits_may_be_used_is_told_when_answers_take_long) {
  BOOST_REQUIRE(has_request(0));
  auto slow = answer();
  now += 250ms;
  pace.answered(slow, now); // the queue's clock shows that, or what it showed 250 ms earlier
  now += 120ms;
  const auto request = pace.request(1, now);
  BOOST_REQUIRE(request.has_value());
  BOOST_TEST((request->spread == 250ms));
  BOOST_TEST((request->lead == 0ms));
  slow = answer({0ms});
  now += 250ms;
  pace.answered(slow, now);
  BOOST_TEST(pace.take(now).has_value()); // by the other end it is 250 ms late
  BOOST_TEST(!pace.too_late());
}

BOOST_AUTO_TEST_CASE(what_a_quick_answer_tells_of_the_clock_counts_for_its_permits) {
  BOOST_REQUIRE(has_request(0));
  const auto slow = answer();
  now += 250ms;
  pace.answered(slow, now);
  now += 120ms;
  BOOST_TEST((exchange(2, {0ms, 0ms}).spread == 250ms));
  now += 199ms;
  BOOST_TEST(pace.take(now).has_value());
  now += 1ms; // as late as any other may be: the clock is known by now
  BOOST_TEST(!pace.take(now));
}

BOOST_AUTO_TEST_CASE(permits_that_can_only_come_too_late_are_not_asked_for_and_it_says_so) {
  for (int i = 0; i < 4; ++i) {
    BOOST_TEST(!pace.too_late());
    const auto request = pace.request(1, now);
    BOOST_REQUIRE(request.has_value());
    BOOST_TEST(request->wanted == (i == 0 ? 1u : 0u)); // at first it does not know
    const auto slow = answer();
    now += 1100ms;
    pace.answered(slow, now);
    now += 1s;
  }
  BOOST_TEST((pace.too_late().value_or(0ms) == 1100ms));
  exchange(1); // a quick one
  now += 1s;
  exchange(1, {0ms});
  BOOST_TEST(!pace.too_late());
}

BOOST_AUTO_TEST_CASE(a_step_of_the_queues_clock_is_told_and_its_permits_are_not_used) {
  for (const std::int64_t step : {3'600'000, -3'600'000, 300, -300, 105, -105}) {
    exchange(0);
    now += 500ms;
    offset_ms += step;
    exchange(1, {0ms});
    BOOST_TEST(!pace.take(now));
    const auto told = exchange(1, {0ms});
    BOOST_TEST(told.clock_stepped);
    BOOST_TEST(told.unused.size() == 1u);
    BOOST_TEST(pace.take(now).has_value());
    now += 3s;
  }
}

BOOST_AUTO_TEST_CASE(a_step_that_the_windows_have_to_spare_is_none) {
  for (const std::int64_t step : {95, -95}) {
    exchange(1, {0ms});
    now += 500ms;
    offset_ms += step;
    exchange(1, {0ms});
    now += 3s;
    BOOST_TEST(!exchange(1, {0ms}).clock_stepped);
    now += 3s;
  }
}

BOOST_AUTO_TEST_CASE(a_slow_answer_is_no_step) {
  exchange(1, {0ms});
  now += 500ms;
  BOOST_REQUIRE(has_request(1));
  now += 3s;
  auto late = answer({0ms});
  now += 3s;
  pace.answered(late, now);
  now += 500ms;
  BOOST_TEST(!exchange(1).clock_stepped);
}

BOOST_AUTO_TEST_SUITE_END()
