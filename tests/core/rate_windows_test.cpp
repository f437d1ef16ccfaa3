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

BOOST_AUTO_TEST_CASE(windows_of_which_one_is_never_reached_are_found) {
  for (const auto& fine : std::vector<std::vector<RateWindow>>{
         {}, hunter, {{1, 1s}, {60, 60s}}, {{15, 1s}, {15, 60s}}, {{2, 1s}, {4, 1500ms}}})
    BOOST_TEST(!find_pointless(fine).has_value());
  const auto fewer = find_pointless({{10, 60s}, {15, 1s}});
  BOOST_REQUIRE(fewer.has_value());
  BOOST_TEST(fewer->window.requests == 15u);
  BOOST_TEST(fewer->since.requests == 10u);
  const auto more = find_pointless({{1, 1s}, {1000, 60s}});
  BOOST_REQUIRE(more.has_value());
  BOOST_TEST(more->window.requests == 1000u);
  BOOST_TEST(more->since.requests == 1u);
}

BOOST_AUTO_TEST_CASE(no_stretch_of_any_window_holds_more_than_it_allows) {
  RateWindows windows{watch(hunter)};
  const auto grants = grants_of_a_greedy_caller(windows, 5min);
  BOOST_TEST(most_within(grants, 1s) <= 15u);
  BOOST_TEST(most_within(grants, 60s) == 500u);
}

BOOST_AUTO_TEST_CASE(a_greedy_caller_gets_at_least_98_percent_of_what_is_allowed) {
  RateWindows windows{watch(hunter)};
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

BOOST_AUTO_TEST_CASE(the_narrowest_window_is_watched_for_a_little_longer_the_others_for_more) {
  const auto watched = watch(hunter);
  BOOST_TEST((watched[0].watched == 1400ms)); // 8.33 a second are left, and 15 take 1.8 s at that
  BOOST_TEST((watched[1].watched == 60600ms));
  BOOST_TEST((permit_tolerance(hunter) == 200ms));
  BOOST_REQUIRE(watched.size() == 3u);
  BOOST_TEST((watched[2].requests == 3u && watched[2].watched == 280ms)); // against bursts
  BOOST_TEST((watch({{2, 1s}})[0].watched == 1050ms));
  BOOST_TEST((watch({{100, 1s}, {100, 1h}})[0].watched == 1500ms));
}

BOOST_AUTO_TEST_CASE(waiting_takes_no_permit) {
  RateWindows windows{{{1, 1s}}};
  BOOST_TEST((windows.wait(Time{}) == Time::duration::zero()));
  BOOST_TEST((windows.acquire(Time{}) == Time::duration::zero()));
  BOOST_TEST((windows.wait(Time{} + 400ms) == 600ms));
}

BOOST_AUTO_TEST_CASE(what_is_free_in_a_window_comes_back_when_its_time_is_over) {
  RateWindows windows{{{2, 1s, 1s}, {3, 10s, 10s}}};
  const Time start{};
  BOOST_TEST(!windows.empty_from().has_value());
  windows.acquire(start);
  windows.acquire(start + 500ms);
  BOOST_TEST(windows.free_in(0, start + 500ms) == 0u);
  BOOST_TEST(windows.free_in(1, start + 500ms) == 1u);
  BOOST_TEST(windows.free_in(0, start + 1s) == 1u);
  BOOST_TEST(windows.free_in(1, start + 10s) == 2u);
  BOOST_TEST((windows.empty_from() == start + 10500ms));
  BOOST_TEST(windows.free_in(1, *windows.empty_from()) == 3u);
  windows.give_back();
  BOOST_TEST(windows.free_in(0, start + 500ms) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
