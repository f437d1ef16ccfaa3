#include "core/rate_windows.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

using namespace gleaner;
using namespace std::chrono_literals;
using Time = RateWindows::Time;

namespace rate_windows {

const std::vector<RateWindow> hunter{{15, 1s}, {500, 60s}};

/// Times of the grants to a caller who always has a request waiting.
std::vector<Time> grants_of_a_greedy_caller(RateWindows& windows, Time::duration length) {
  std::vector<Time> grants;
  for (Time now{}; now - Time{} < length;) {
    const auto wait = windows.acquire(now);
    if (wait == Time::duration::zero())
      grants.push_back(now);
    now += wait;
  }
  return grants;
}

std::size_t most_within(const std::vector<Time>& grants, Time::duration period) {
  std::size_t most = 0;
  for (auto first = grants.begin(); first != grants.end(); ++first) {
    const auto last = std::lower_bound(first, grants.end(), *first + period);
    most = std::max(most, static_cast<std::size_t>(last - first));
  }
  return most;
}

} // namespace rate_windows

BOOST_AUTO_TEST_SUITE(rate_windows)

BOOST_AUTO_TEST_CASE(no_stretch_of_any_window_holds_more_than_it_allows) {
  RateWindows windows{hunter};
  const auto grants = grants_of_a_greedy_caller(windows, 5min);
  BOOST_TEST(most_within(grants, 1s) == 15u);
  BOOST_TEST(most_within(grants, 60s) == 500u);
}

BOOST_AUTO_TEST_CASE(a_greedy_caller_gets_at_least_98_percent_of_what_is_allowed) {
  RateWindows windows{hunter};
  const auto grants = grants_of_a_greedy_caller(windows, 10min);
  BOOST_TEST(grants.size() >= 4900u);
}

BOOST_AUTO_TEST_CASE(without_windows_everything_is_granted_at_once) {
  RateWindows windows{{}};
  for (int i = 0; i < 10000; ++i)
    BOOST_REQUIRE((windows.acquire(Time{}) == Time::duration::zero()));
}

BOOST_AUTO_TEST_CASE(a_permit_given_back_can_be_granted_again) {
  RateWindows windows{{{1, 1s}}};
  BOOST_TEST((windows.acquire(Time{}) == Time::duration::zero()));
  BOOST_TEST((windows.acquire(Time{}) > Time::duration::zero()));
  windows.give_back();
  BOOST_TEST((windows.acquire(Time{}) == Time::duration::zero()));
}

BOOST_AUTO_TEST_CASE(available_counts_what_a_window_has_left) {
  RateWindows windows{hunter};
  for (int i = 0; i < 4; ++i)
    (void)windows.acquire(Time{});
  BOOST_TEST(windows.available(0, Time{}) == 11u);
  BOOST_TEST(windows.available(1, Time{}) == 496u);
  BOOST_TEST(windows.available(0, Time{} + 2s) == 15u);
}

BOOST_AUTO_TEST_SUITE_END()
