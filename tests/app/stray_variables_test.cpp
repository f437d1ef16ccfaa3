#include "app/stray_variables.hpp"
#include "tests/support/settings_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;

namespace stray_variables {

struct Fixture : SettingsFixture {
  LoadedConfig with(const std::string& name) {
    variables[name] = "1";
    sources.variable_names = {name, "PATH", "GLEANER_BIN_DIR", "OTHER_API__THING"};
    return load();
  }
};

} // namespace stray_variables

BOOST_FIXTURE_TEST_SUITE(stray_variables, Fixture)

BOOST_AUTO_TEST_CASE(a_mistyped_variable_is_a_problem_that_names_the_right_one) {
  const auto loaded = with("GLEANER_API__CREDITS_PER_DAYS");
  BOOST_REQUIRE(loaded.problems.size() == 1u);
  BOOST_TEST(loaded.problems[0] == "GLEANER_API__CREDITS_PER_DAYS: no setting has this variable; "
                                   "did you mean GLEANER_API__CREDITS_PER_DAY?");
}

BOOST_AUTO_TEST_CASE(settings_of_named_keys_have_no_variables) {
  const auto loaded = with("GLEANER_API__KEYS__NOBODY__TENANTS");
  BOOST_REQUIRE(loaded.problems.size() == 1u);
  BOOST_TEST(loaded.problems[0].find("[api.keys.NAME]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_key_that_nobody_has_named_is_warned_of) {
  const auto loaded = with("HUNTER_API_KEY_TYPO");
  BOOST_TEST(loaded.problems.empty());
  BOOST_REQUIRE(loaded.warnings.size() == 1u);
  BOOST_TEST(loaded.warnings[0] ==
             "HUNTER_API_KEY_TYPO is not used: api.key_names has no key of that name");
}

BOOST_AUTO_TEST_CASE(variables_of_settings_and_of_named_keys_are_none_of_these) {
  variables["GLEANER_API__KEY_NAMES"] = "team-a";
  for (const auto* name : {"GLEANER_API__KEY_NAMES", "HUNTER_API_KEY", "HUNTER_API_KEY_TEAM_A"}) {
    const auto value = variables[name];
    const auto loaded = with(name);
    BOOST_TEST(loaded.warnings.empty());
    for (const auto& problem : loaded.problems)
      BOOST_TEST(problem.find("no setting") == std::string::npos);
    variables[name] = value;
  }
}

BOOST_AUTO_TEST_CASE(every_setting_is_known_by_all_its_variables) {
  for (const auto& setting : settings())
    for (const auto& name : setting.variables) {
      sources.variable_names = {name, name + (setting.secret ? "_FILE" : "")};
      BOOST_TEST_CONTEXT(name) {
        const auto loaded = load();
        BOOST_TEST(loaded.problems.empty());
        BOOST_TEST(loaded.warnings.empty());
      }
    }
}

BOOST_AUTO_TEST_SUITE_END()
