#include "app/local_health.hpp"
#include "tests/support/surroundings.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>

using namespace gleaner;
using namespace gleaner::test;
using Verdict = HealthCheck::Verdict;

BOOST_FIXTURE_TEST_SUITE(local_health, Surroundings)

BOOST_AUTO_TEST_CASE(little_room_is_a_warning) {
  BOOST_TEST(judge_room("data", std::uint64_t{300} << 20).verdict == Verdict::ok);
  BOOST_TEST(judge_room("data", std::uint64_t{200} << 20).verdict == Verdict::warn);
  BOOST_TEST(tells(judge_room("data", std::uint64_t{200} << 20), "200 MiB free"));
  BOOST_TEST(tells(judge_room("data", 0), "make room"));
}

BOOST_AUTO_TEST_CASE(a_state_folder_that_can_not_be_is_a_failure) {
  write_file(folder / "file", "in its place");
  config.state_folder = folder / "file/state";
  const auto checks = check();
  BOOST_TEST(named(checks, "state").verdict == Verdict::fail);
  BOOST_TEST(named(checks, "state").code == Errc::store_unwritable);
  BOOST_TEST(tells(named(checks, "state"), "choose another state_folder"));
}

BOOST_AUTO_TEST_CASE(a_port_that_another_program_has_is_a_failure) {
  const auto url = api.api_url();
  const auto address = url.substr(url.find("127.0.0.1"));
  config.http.listen = address.substr(0, address.find('/'));
  config.cluster.listen = config.http.listen;
  config.cluster.plain = true;
  const auto checks = check();
  for (const auto* name : {"listen", "cluster-listen"}) {
    BOOST_TEST(named(checks, name).verdict == Verdict::fail, name);
    BOOST_TEST(tells(named(checks, name), "is another program's; set "), name);
  }
  config.http.listen = "192.0.2.1:9464";
  BOOST_TEST(tells(named(check(), "listen"), "can't listen on 192.0.2.1:9464: "));
}

BOOST_AUTO_TEST_SUITE_END()
