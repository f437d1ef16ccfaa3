#include "tests/simulator/rate_limits.hpp"
#include "tests/simulator/sim_client.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner::sim;
using namespace std::chrono_literals;

namespace simulator_limits {

struct LimitFixture : SimFixture {
  LimitFixture() : SimFixture(SimulatorOptions{}) {}
  Got refused(const std::string& style) {
    set("{\"limits\":\"1/h\",\"throttle_style\":\"" + style + "\"}");
    search("c1.sim.test");
    return search("c1.sim.test");
  }
};

} // namespace simulator_limits

BOOST_AUTO_TEST_SUITE(simulator_limits)

BOOST_AUTO_TEST_CASE(windows_slide_and_refused_requests_do_not_count) {
  RateLimits limits;
  const auto rules = parse_limits("2/s,3/min");
  const SteadyTime start{};
  BOOST_TEST(!limits.admit("k", rules, start));
  BOOST_TEST(!limits.admit("k", rules, start + 900ms));
  BOOST_TEST((limits.admit("k", rules, start + 950ms) == 50ms));
  BOOST_TEST((limits.admit("k", rules, start + 999ms) == 1ms));
  BOOST_TEST(!limits.admit("other", rules, start + 999ms));
  BOOST_TEST(!limits.admit("k", rules, start + 1000ms));
  BOOST_TEST((limits.admit("k", rules, start + 2s) == 58s));
  BOOST_TEST(!limits.admit("k", rules, start + 60s));
}

BOOST_AUTO_TEST_CASE(limits_are_read_and_written_alike) {
  for (const auto* text : {"15/s,500/min", "off", "3/10s", "7/250ms", "1/h"})
    BOOST_TEST(to_string(parse_limits(text)) == text);
  for (const auto* bad : {"", "15", "15/", "/s", "0/s", "15/day", "15/s,", "x/s"})
    BOOST_CHECK_THROW(parse_limits(bad), std::invalid_argument);
}

BOOST_FIXTURE_TEST_CASE(the_sixteenth_search_of_a_second_gets_403_without_retry_after,
                        LimitFixture) {
  set(R"({"limits":"15/min"})"); // the window is longer so that a slow machine can't leave it
  for (int i = 0; i < 15; ++i)
    BOOST_TEST(search("c1.sim.test").status == 200);
  const auto got = search("c1.sim.test");
  BOOST_TEST(got.status == 403);
  BOOST_TEST(!got.headers.contains("retry-after"));
  key = "another-key";
  BOOST_TEST(search("c1.sim.test").status == 200);
  BOOST_TEST(get("/account").status == 200);
  const auto told = stats();
  BOOST_TEST(told["limited"] == 1);
  BOOST_TEST(told["pace_kept"] == false);
  BOOST_TEST(told["largest_window"]["60s"] == 16);
}

BOOST_AUTO_TEST_CASE(the_default_is_what_hunter_documents) {
  HunterSimulator sim;
  sim.start();
  BOOST_TEST(sim.admin("GET", "/admin/switches")["limits"] == "15/s,500/min");
}

BOOST_FIXTURE_TEST_CASE(a_throttle_can_be_told_in_other_ways, LimitFixture) {
  const auto plain = refused("429");
  BOOST_TEST(plain.status == 429);
  BOOST_TEST(plain.details().find("per second") != std::string::npos);
  BOOST_TEST(!plain.headers.contains("retry-after"));
  BOOST_TEST(std::stoi(refused("retry-after").headers.at("retry-after")) > 3500);
  BOOST_TEST(refused("http-date").headers.at("retry-after").ends_with(" GMT"));
  BOOST_TEST(refused("hours").headers.at("retry-after") == "7200");
}

BOOST_FIXTURE_TEST_CASE(rate_limit_headers_can_be_switched_on, LimitFixture) {
  BOOST_TEST(!search("c1.sim.test").headers.contains("x-ratelimit-limit"));
  set(R"({"limits":"10/h","ratelimit_headers":true})");
  BOOST_TEST(search("c1.sim.test").headers.at("x-ratelimit-remaining") == "8");
}

BOOST_AUTO_TEST_SUITE_END()
