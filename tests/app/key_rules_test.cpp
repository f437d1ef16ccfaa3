#include "tests/support/settings_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;

namespace key_rules {

struct Fixture : SettingsFixture {
  Fixture() { variables["HUNTER_API_KEY"] = "first-secret"; }

  LoadedConfig load(const std::string& file = {}) {
    write("gleaner.toml", file);
    return SettingsFixture::load();
  }
  std::string problem(const std::string& file = {}) {
    write("gleaner.toml", file);
    return only_problem();
  }
};

} // namespace key_rules

BOOST_FIXTURE_TEST_SUITE(key_rules, Fixture)

BOOST_AUTO_TEST_CASE(
  a_key_of_the_file_has_its_secret_from_the_environment_and_the_rest_from_the_first) {
  variables["HUNTER_API_KEY_TEAM_A"] = "a-secret";
  variables["GLEANER_API__CREDITS_PER_DAY"] = "500";
  const auto loaded = load("[api.keys.team-a]\nlimits = \"5/s\"\ncredits_per_day = 90\n"
                           "tenants = \"acme,globex\"\n[api.keys.b]\nsecret = \"b-secret\"\n");
  BOOST_REQUIRE(loaded.problems.empty());
  const auto keys = api_keys(loaded.config.api);
  BOOST_REQUIRE(keys.size() == 3u);
  BOOST_TEST(keys[0].name == "default");
  BOOST_TEST(keys[1].name == "b");
  BOOST_TEST(keys[1].secret.view() == "b-secret");
  BOOST_TEST(keys[1].caps.per_day.value_or(0) == 500u);
  BOOST_TEST(keys[1].limits.size() == 2u);
  BOOST_TEST(keys[2].secret.view() == "a-secret");
  BOOST_TEST(keys[2].caps.per_day.value_or(0) == 90u);
  BOOST_TEST(keys[2].limits.size() == 1u);
  BOOST_TEST(keys[2].tenants == (std::vector<std::string>{"acme", "globex"}),
             boost::test_tools::per_element());
  BOOST_TEST(loaded.origins.at("api.keys.team-a.secret") == "HUNTER_API_KEY_TEAM_A");
}

BOOST_AUTO_TEST_CASE(names_alone_are_enough_and_a_file_is_remembered) {
  variables["GLEANER_API__KEY_NAMES"] = "team-a";
  variables["HUNTER_API_KEY_TEAM_A_FILE"] = write("key", "file-secret\n");
  const auto keys = api_keys(load().config.api);
  BOOST_REQUIRE(keys.size() == 2u);
  BOOST_TEST(keys[1].secret.view() == "file-secret");
  BOOST_TEST(keys[1].secret_file == folder / "key");
  BOOST_TEST(keys[0].secret_file.empty());
}

BOOST_AUTO_TEST_CASE(without_the_first_key_the_first_name_stands_for_it) {
  variables = {
    {"GLEANER_API__KEY_NAMES", "b,a"}, {"HUNTER_API_KEY_A", "1234"}, {"HUNTER_API_KEY_B", "5678"}};
  const auto loaded = load();
  BOOST_TEST(loaded.problems.empty());
  BOOST_TEST(api_keys(loaded.config.api).front().name == "a");
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_together_is_named_with_its_remedy) {
  variables["GLEANER_API__KEY_NAMES"] = "team-a";
  BOOST_TEST(problem() == "the API key 'team-a' has no secret; set HUNTER_API_KEY_TEAM_A, or "
                          "HUNTER_API_KEY_TEAM_A_FILE to a file that holds it");
  variables["HUNTER_API_KEY_TEAM_A"] = "first-secret";
  BOOST_TEST(problem().find("have the same secret") != std::string::npos);
  variables["HUNTER_API_KEY_TEAM_A"] = "another-secret";
  BOOST_TEST(
    problem("[api.keys.team-a]\ncredits_per_month = 9\n").find("(9) is less than a page of 100") !=
    std::string::npos);
  BOOST_TEST(problem("[api.keys.team-a]\ncredits_per_dya = 5\n")
               .find("unknown setting api.keys.team-a.credits_per_dya") != std::string::npos);
  BOOST_TEST(problem("[api.keys.Team]\nlimits = \"off\"\n").find("unknown setting") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
