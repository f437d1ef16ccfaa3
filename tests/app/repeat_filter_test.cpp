#include "app/repeat_filter.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gleaner;
using namespace std::chrono_literals;

namespace repeat_filter {

struct Fixture {
  RepeatFilter filter{3};
  RepeatFilter::Time now{};

  bool admits(const std::string& code, const std::string& message) {
    return filter.admits(LogLevel::warn, code, message, now);
  }
  int admitted(int times, const std::string& code, const std::string& message) {
    int count = 0;
    for (int i = 0; i < times; ++i)
      count += admits(code, message) ? 1 : 0;
    return count;
  }
};

} // namespace repeat_filter

BOOST_FIXTURE_TEST_SUITE(repeat_filter, Fixture)

BOOST_AUTO_TEST_CASE(so_many_are_shown_a_minute_and_the_others_are_told_once) {
  BOOST_TEST(admitted(10, "api.retry", "reset") == 3);
  BOOST_TEST(admitted(2, "api.retry", "timed out") == 2); // another message
  now += 59s;
  BOOST_TEST(filter.due(now).empty());
  now += 1s;
  const auto due = filter.due(now);
  BOOST_REQUIRE(due.size() == 1u);
  BOOST_TEST(due[0].code == "api.retry");
  BOOST_TEST(due[0].message == "reset");
  BOOST_TEST(due[0].times == 7u);
  BOOST_TEST((due[0].level == LogLevel::warn));
  BOOST_TEST(filter.due(now).empty());
  BOOST_TEST(admitted(10, "api.retry", "reset") == 3); // the next minute
}

BOOST_AUTO_TEST_CASE(at_the_end_all_are_told) {
  admitted(5, "redis.refuses", "oom");
  BOOST_TEST(filter.due(RepeatFilter::Time::max()).size() == 1u);
}

BOOST_AUTO_TEST_CASE(every_event_of_a_job_is_shown) {
  BOOST_TEST(admitted(1000, "job.completed", "stored a collection") == 1000);
}

BOOST_AUTO_TEST_CASE(without_a_limit_all_are_shown) {
  RepeatFilter none{0};
  for (int i = 0; i < 1000; ++i)
    BOOST_TEST(none.admits(LogLevel::warn, "api.retry", "reset", now));
}

BOOST_AUTO_TEST_CASE(endless_new_messages_are_bounded) {
  int shown = 0;
  for (int i = 0; i < 10000; ++i)
    shown += admits("norm.rejected", "hostile " + std::to_string(i)) ? 1 : 0;
  BOOST_TEST(shown == 256 + 3);
  const auto due = filter.due(RepeatFilter::Time::max());
  BOOST_REQUIRE(due.size() == 1u);
  BOOST_TEST(due[0].message == "more of these");
  BOOST_TEST(due[0].times == 10000u - 256 - 3);
}

BOOST_AUTO_TEST_SUITE_END()
