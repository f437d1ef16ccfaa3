#include "tests/support/settings_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

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

BOOST_AUTO_TEST_CASE(off_in_a_section_is_off_and_what_it_leaves_out_is_shown_as_of_the_first) {
  variables["HUNTER_API_KEY_TEAM_A"] = "a-secret";
  const auto loaded =
    load("[api]\ncredits_per_day = 400\ncredits_per_month = 500\nlimits = \"7/s\"\n"
         "[api.keys.team-a]\ncredits_per_day = \"off\"\nlimits = \"off\"\ncredits_per_job = 100\n");
  BOOST_TEST(loaded.problems.empty());
  const auto key = api_keys(loaded.config.api).back();
  BOOST_TEST(!key.caps.per_day.has_value());
  BOOST_TEST(key.limits.empty());
  BOOST_TEST(key.caps.per_month.value_or(0) == 500u);
  const auto shown = [&](const std::string& path) {
    const auto found = std::find_if(loaded.settings.begin(), loaded.settings.end(),
                                    [&](const auto& setting) { return setting.path == path; });
    BOOST_REQUIRE((found != loaded.settings.end()));
    return found->show(loaded.config) + " # " + loaded.origins.at(path);
  };
  BOOST_TEST(shown("api.keys.team-a.credits_per_month") ==
             "500 # as api.credits_per_month (" + (folder / "gleaner.toml") + ":3:21)");
  BOOST_TEST(shown("api.keys.team-a.credit_floor") == "off # as api.credit_floor (default)");
}

BOOST_AUTO_TEST_CASE(an_inherited_cap_that_contradicts_an_own_one_is_named_as_such) {
  variables["HUNTER_API_KEY_TEAM_A"] = "a-secret";
  const auto told =
    problem("[api]\ncredits_per_day = 400\n[api.keys.team-a]\ncredits_per_month = 150\n");
  BOOST_TEST(told.find("API key 'team-a': credits_per_day (400, as api.credits_per_day) is more "
                       "than credits_per_month (150)") != std::string::npos);
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

BOOST_AUTO_TEST_CASE(names_of_a_variable_replace_those_of_the_file) {
  variables["GLEANER_API__KEY_NAMES"] = "team-a";
  variables["HUNTER_API_KEY_TEAM_A"] = "a-secret";
  const auto loaded = load("[api]\nkey_names = \"b\"\n");
  BOOST_TEST(loaded.problems.empty());
  BOOST_TEST(api_keys(loaded.config.api).size() == 2u);
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
}

BOOST_AUTO_TEST_CASE(a_section_alone_makes_a_key) {
  BOOST_TEST(problem("[api.keys.team-a]\n").find("the API key 'team-a' has no secret") == 0u);
  variables["HUNTER_API_KEY_TEAM_A"] = "a-secret";
  BOOST_TEST(api_keys(load("[api.keys.team-a]\n").config.api).back().name == "team-a");
}

BOOST_AUTO_TEST_CASE(unknown_settings_and_sections_are_told_with_what_may_be_meant) {
  variables["HUNTER_API_KEY_TEAM_A"] = "a-secret";
  const std::pair<const char*, const char*> rows[] = {
    {"[api.keys.team-a]\ncredits_per_dya = 5\n",
     ":2:19: unknown setting api.keys.team-a.credits_per_dya; did you mean "
     "api.keys.team-a.credits_per_day?"},
    {"[api.keys.team-a]\nkey = \"x\"\n",
     ":2:7: unknown setting api.keys.team-a.key; the key itself goes into HUNTER_API_KEY_TEAM_A, "
     "or into `secret` of its section"},
    {"[api.keys.team-a]\ncolour = \"x\"\n", "colour; `gleaner config show` lists them all"},
    {"[api.keys]\nteam-a = \"x\"\n", "; an API key has a section, [api.keys.team-a]"},
    {"[api.keys.Team_A]\nlimits = \"off\"\n",
     ":1:1: [api.keys.Team_A]: 'Team_A' is no name; write one of small letters, digits"},
    {"[api.keys.default]\nlimits = \"off\"\n",
     "[api.keys.default]: 'default' is the key of HUNTER_API_KEY, which [api] is about"},
    {"[api.keys.team-a]\ntenants = [\"acme\"]\n",
     "api.keys.team-a.tenants is a list; write one text with commas between"},
    {"[api.keys.team-a]\ntenants = \"acme,g lobex\"\n",
     "api.keys.team-a.tenants is 'acme,g lobex': 'g lobex' is no name; write names without"}};
  for (const auto& [file, expected] : rows) {
    const auto told = problem(file);
    BOOST_TEST(told.find(expected) != std::string::npos, told);
  }
}

BOOST_AUTO_TEST_CASE(a_name_that_can_not_be_is_told_with_the_reason) {
  const std::pair<std::string, const char*> rows[] = {
    {"default", "'default' is the key of HUNTER_API_KEY"},
    {"b,a-file", "'a-file' would have the variable HUNTER_API_KEY_A_FILE, and those in _FILE"},
    {"file", "'file' would have the variable HUNTER_API_KEY_FILE"},
    {"B", "'B' is no name; write one of small letters, digits and hyphens"},
    {std::string(33, 'a'), "is longer than 32 characters; shorten it"}};
  for (const auto& [names, expected] : rows) {
    variables["GLEANER_API__KEY_NAMES"] = names;
    const auto told = problem();
    BOOST_TEST(told.find(expected) != std::string::npos, told);
  }
}

BOOST_AUTO_TEST_CASE(spaces_around_commas_are_no_part_of_names) {
  variables["GLEANER_API__KEY_NAMES"] = "a, b";
  variables["HUNTER_API_KEY_A"] = "a-secret";
  variables["HUNTER_API_KEY_B"] = "b-secret";
  const auto loaded = load("[api.keys.a]\ntenants = \"acme , globex\"\n");
  BOOST_TEST(loaded.problems.empty());
  BOOST_TEST(api_keys(loaded.config.api)[1].tenants == (std::vector<std::string>{"acme", "globex"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
