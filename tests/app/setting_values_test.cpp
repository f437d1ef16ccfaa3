#include "app/setting_values.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(setting_values)

BOOST_AUTO_TEST_CASE(durations_need_a_whole_number_and_a_unit) {
  BOOST_TEST(parse_duration("500ms")->count() == 500);
  BOOST_TEST(parse_duration("30s")->count() == 30000);
  BOOST_TEST(parse_duration("5m")->count() == 300000);
  BOOST_TEST(parse_duration("2h")->count() == 7200000);
  for (const auto* text : {"", "30", "s", "-5s", "1.5s", "30 s", "30sec", "99999999999999999999s",
                           "9223372036854775807h"})
    BOOST_TEST(!parse_duration(text).has_value());
}

BOOST_AUTO_TEST_CASE(sizes_need_a_unit) {
  BOOST_TEST(*parse_size("8MiB") == 8u << 20);
  BOOST_TEST(*parse_size("100B") == 100u);
  for (const auto* text : {"", "8", "8MB", "MiB", "-1B"})
    BOOST_TEST(!parse_size(text).has_value());
}

BOOST_AUTO_TEST_CASE(limits_are_windows_or_off) {
  const auto windows = parse_limits("15/s, 500/min,100/10s");
  BOOST_REQUIRE(windows);
  BOOST_REQUIRE(windows->size() == 3u);
  BOOST_TEST(windows->at(0).requests == 15u);
  BOOST_TEST(windows->at(1).period.count() == 60000);
  BOOST_TEST(windows->at(2).period.count() == 10000);
  BOOST_TEST(parse_limits("off")->empty());
  for (const auto* text : {"", "15", "15/", "/s", "0/s", "15/s,", "-1/s", "15/fortnight", "none"})
    BOOST_TEST(!parse_limits(text));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_limits_is_said_of_the_window_at_fault) {
  const std::pair<const char*, const char*> rows[] = {
    {"15", "'15' has no length; write requests and length, such as 15/s"},
    {"15/s,0/min", "'0/min' allows no number of requests from 1 to 1000000"},
    {"x/s", "'x/s' allows no number of requests"},
    {"15/0s", "'15/0s' has no length that can be; write s, min, h or a duration"},
    {"15/fortnight", "'15/fortnight' has no length that can be"},
    {"1/99999h", "'1/99999h' has no length that can be"},
    {"15/s,", "a window is missing"},
    {"", "a window is missing"},
    {"100/s,10/s", "'10/s' has the length of another window; keep one of them"},
    {"15/s,500/min,9/1000ms", "'9/1000ms' has the length of another window"},
    {"15/s, 10/min", "'15/s' is never reached since 10/min allows less; drop the one or correct"},
    {"1/s,1000/min", "'1000/min' is never reached since 1/s allows less; drop the one"}};
  for (const auto& [text, expected] : rows) {
    const auto limits = parse_limits(text);
    BOOST_TEST_CONTEXT(text) {
      BOOST_REQUIRE(!limits);
      BOOST_TEST(limits.error().detail.starts_with(expected), limits.error().detail);
    }
  }
  for (const auto* text : {"15/s,500/min", "1/s,60/min", "100/s,5000/min"})
    BOOST_TEST(static_cast<bool>(parse_limits(text)), text);
}

BOOST_AUTO_TEST_CASE(what_is_shown_reads_as_the_same_value) {
  for (const auto* text : {"500ms", "30s", "5m", "2h"})
    BOOST_TEST(show_duration(*parse_duration(text)) == text);
  for (const auto* text : {"1000B", "64KiB", "8MiB"})
    BOOST_TEST(show_size(*parse_size(text)) == text);
  for (const auto* text : {"15/s,500/min", "3/10s", "off"})
    BOOST_TEST(show_limits(*parse_limits(text)) == text);
  BOOST_TEST(show_mode(*parse_mode("0640")) == "0640");
}

BOOST_AUTO_TEST_CASE(modes_are_octal) {
  BOOST_TEST(*parse_mode("600") == 0600u);
  for (const auto* text : {"", "888", "01000", "rw"})
    BOOST_TEST(!parse_mode(text).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
