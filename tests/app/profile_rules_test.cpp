#include "adapters/profile/profile_reader.hpp"
#include "app/setting_values.hpp"
#include "tests/support/holds.hpp"
#include "tests/support/settings_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gleaner;
using namespace gleaner::test;

namespace profile_rules {

struct Fixture : SettingsFixture {
  /// Makes the built-in profile with `from` replaced the one in use.
  void use(const std::string& from, const std::string& to) {
    std::string text{profile::builtin_text()};
    const auto at = text.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    variables["GLEANER_API__PROFILE"] = write("my.toml", text.replace(at, from.size(), to));
  }
};

} // namespace profile_rules

BOOST_FIXTURE_TEST_SUITE(profile_rules, Fixture)

BOOST_AUTO_TEST_CASE(without_a_file_the_built_in_profile_is_used) {
  const auto loaded = load();
  BOOST_TEST(loaded.problems.empty());
  BOOST_TEST(loaded.profile.name == "hunter");
  BOOST_TEST(loaded.profile_text == profile::builtin_text());
  BOOST_TEST(show_limits(loaded.config.api.limits) == "15/s,500/min");
  BOOST_TEST(loaded.origins.at("api.limits") == "default");
}

BOOST_AUTO_TEST_CASE(windows_and_page_size_of_a_profile_are_defaults) {
  use("page_size = 100", "page_size = 25");
  auto loaded = load();
  BOOST_TEST(loaded.problems.empty());
  BOOST_TEST(loaded.config.api.page_size == 25u);
  BOOST_TEST(holds(loaded.origins.at("api.page_size"), "profile "));
  BOOST_TEST(holds(loaded.profile_text, "page_size = 25"));
  variables["HUNTER_PAGE_SIZE"] = "50";
  BOOST_TEST(load().config.api.page_size == 50u);
  use("requests = 500, seconds = 60", "requests = 90, seconds = 60");
  loaded = load();
  BOOST_TEST(show_limits(loaded.config.api.limits) == "15/s,90/min");
  BOOST_TEST(holds(loaded.origins.at("api.limits"), "my.toml"));
  sources.flags["api.limits"] = "off";
  BOOST_TEST(load().config.api.limits.empty());
  BOOST_TEST(load().origins.at("api.limits") == "flag --limits");
}

BOOST_AUTO_TEST_CASE(a_page_size_above_the_most_of_the_profile_is_cut) {
  variables["HUNTER_PAGE_SIZE"] = "100";
  BOOST_TEST(load().problems.empty());
  variables["HUNTER_PAGE_SIZE"] = "101";
  const auto cut = load();
  BOOST_TEST(cut.config.api.page_size == 100u);
  BOOST_REQUIRE(cut.warnings.size() == 1u);
  BOOST_TEST(cut.warnings[0] ==
             "HUNTER_PAGE_SIZE: a page size of 101 is cut to 100, the most of hunter");
  use("page_size_most = 100", "page_size_most = 500");
  BOOST_TEST(load().config.api.page_size == 101u);
  variables["HUNTER_PAGE_SIZE"] = "0";
  BOOST_TEST(holds(only_problem(), "HUNTER_PAGE_SIZE"));
}

BOOST_AUTO_TEST_CASE(a_profile_that_is_bad_or_missing_is_a_mistake) {
  use("page_size = 100", "page_sice = 100");
  const auto loaded = load();
  BOOST_REQUIRE(loaded.problems.size() == 2u);
  BOOST_TEST(holds(loaded.problems[0], folder / "my.toml" + ":"));
  BOOST_TEST(holds(loaded.problems[1], "did you mean page_size?"));
  sources.flags["api.profile"] = folder / "none.toml";
  const auto problem = only_problem();
  BOOST_TEST(problem.starts_with("flag --api-profile: "));
  BOOST_TEST(holds(problem, "none.toml: No such file or directory"));
}

BOOST_AUTO_TEST_CASE(a_jobs_cap_below_the_cost_of_one_request_is_refused) {
  variables["HUNTER_API_KEY"] = "first-secret";
  use("per = \"contacts\"\ncontacts_per_credit = 10",
      "per = \"request\"\ncredits_per_request = 2.5");
  variables["GLEANER_API__CREDITS_PER_JOB"] = "2";
  BOOST_TEST(only_problem() ==
             "API key 'default': credits_per_job (2) is less than the 2.5 credits that the "
             "profile's search.cost names for one request, so nothing would be fetched; raise it, "
             "or correct the cost");
  variables["GLEANER_API__CREDITS_PER_JOB"] = "3";
  BOOST_TEST(load().problems.empty());
}

BOOST_AUTO_TEST_SUITE_END()
