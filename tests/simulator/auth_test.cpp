#include "tests/simulator/sim_client.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner::sim;

namespace simulator_auth {

const std::string account = "/account";

SimulatorOptions with_keys(std::vector<std::string> keys) {
  auto options = SimFixture::without_limits();
  options.keys = std::move(keys);
  return options;
}

} // namespace simulator_auth

BOOST_AUTO_TEST_SUITE(simulator_auth)

BOOST_FIXTURE_TEST_CASE(a_key_is_taken_from_query_header_and_bearer, SimFixture) {
  key.clear();
  BOOST_TEST(get(account + "?api_key=good-key").status == 200);
  BOOST_TEST(last_call()["auth"] == "query");
  BOOST_TEST(get(account, {"X-API-KEY: good-key"}).status == 200);
  BOOST_TEST(last_call()["auth"] == "x-api-key");
  BOOST_TEST(get(account, {"authorization: bearer good-key"}).status == 200);
  BOOST_TEST(last_call()["auth"] == "bearer");
}

BOOST_FIXTURE_TEST_CASE(query_comes_before_header_before_bearer, SimFixture) {
  key = "bad-bearer";
  BOOST_TEST(get(account).status == 401);
  BOOST_TEST(get(account, {"X-API-KEY: good"}).status == 200);
  BOOST_TEST(get(account + "?api_key=bad-query", {"X-API-KEY: good"}).status == 401);
}

BOOST_FIXTURE_TEST_CASE(an_unknown_or_missing_key_gets_the_documented_401, SimFixture) {
  for (const auto* bad : {"bad-key", ""}) {
    key = bad;
    const auto got = search("c5.sim.test");
    BOOST_TEST(got.status == 401);
    BOOST_TEST(got.error_id() == "authentication_failed");
    BOOST_TEST(got.details() == "No user found for the API key supplied");
  }
}

BOOST_AUTO_TEST_CASE(with_configured_keys_only_these_are_valid) {
  SimFixture fixture{with_keys({"mine:level=0", "other"})};
  BOOST_TEST(fixture.get(account).status == 401); // sim-key
  fixture.key = "mine";
  BOOST_TEST(fixture.get(account).json()["data"]["plan_level"] == 0);
  fixture.key = "other";
  BOOST_TEST(fixture.get(account).json()["data"]["plan_level"] == 2);
}

BOOST_FIXTURE_TEST_CASE(the_test_key_gets_one_body_for_nothing_and_only_from_searches, SimFixture) {
  key = "test-api-key";
  const auto first = search("c5.sim.test");
  BOOST_TEST(first.status == 200);
  BOOST_TEST(first.json()["data"]["emails"].size() == 10u);
  BOOST_TEST(search("other.test", 0, 7).body == first.body);
  BOOST_TEST(search("other.test", 0, 0).status == 400);
  BOOST_TEST(get(account).status == 401);
  BOOST_TEST(get("/email-count?domain=a.test").status == 401);
  BOOST_TEST(stats()["credits"] == 0);
}

BOOST_FIXTURE_TEST_CASE(an_unknown_path_is_not_found, SimFixture) {
  const auto got = get("/domain-searches");
  BOOST_TEST(got.status == 404);
  BOOST_TEST(got.error_id() == "not_found");
}

BOOST_AUTO_TEST_CASE(a_bad_key_option_is_refused_with_the_possible_ones) {
  HunterSimulator sim;
  const auto names_options = [](const std::invalid_argument& problem) {
    return std::string{problem.what()}.find("colour") != std::string::npos &&
           std::string{problem.what()}.find("available") != std::string::npos;
  };
  BOOST_CHECK_EXCEPTION(sim.start(with_keys({"k:colour=red"})), std::invalid_argument,
                        names_options);
}

BOOST_AUTO_TEST_SUITE_END()
