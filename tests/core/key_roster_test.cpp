#include "core/key_roster.hpp"
#include "tests/support/print_error.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;

namespace key_roster {

const std::vector<KeyRoster::Key> two{{"default", {}}, {"team-a", {"acme", "globex"}}};

} // namespace key_roster

using namespace key_roster;

BOOST_AUTO_TEST_SUITE(key_roster)

BOOST_AUTO_TEST_CASE(a_job_names_its_key_or_its_tenant_or_gets_the_first) {
  const KeyRoster roster{two, false};
  BOOST_TEST(*roster.choose("", "") == "default");
  BOOST_TEST(*roster.choose("team-a", "") == "team-a");
  BOOST_TEST(*roster.choose("", "globex") == "team-a");
  BOOST_TEST(*roster.choose("default", "globex") == "default");
}

BOOST_AUTO_TEST_CASE(unknown_names_fail_the_job_and_name_the_setting) {
  const KeyRoster roster{two, false};
  const auto key = roster.choose("team-b", "");
  BOOST_REQUIRE(!key);
  BOOST_TEST(key.error().code == Errc::job_malformed);
  BOOST_TEST(key.error().detail.find("'team-b'") != std::string::npos);
  const auto tenant = roster.choose("", "initech");
  BOOST_REQUIRE(!tenant);
  BOOST_TEST(tenant.error().detail.find("api.keys.NAME.tenants") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_tenants_in_the_settings_the_word_means_nothing) {
  const KeyRoster roster{{{"default", {}}}, false};
  BOOST_TEST(*roster.choose("", "whoever") == "default");
}

BOOST_AUTO_TEST_CASE(a_pool_gives_to_the_usable_key_with_fewest_jobs) {
  KeyRoster roster{two, true};
  roster.hold("default");
  BOOST_TEST(*roster.choose("", "") == "team-a");
  roster.hold("team-a");
  roster.hold("team-a");
  BOOST_TEST(*roster.choose("", "") == "default");
  roster.suspend("default", SuspensionReason::quota);
  BOOST_TEST(*roster.choose("", "") == "team-a");
  roster.release("team-a");
  BOOST_TEST(*roster.choose("default", "") == "default");
}

BOOST_AUTO_TEST_CASE(a_key_is_usable_when_no_reason_is_left) {
  KeyRoster roster{two, false};
  BOOST_TEST(roster.suspend("team-a", SuspensionReason::quota));
  BOOST_TEST(!roster.suspend("team-a", SuspensionReason::quota));
  BOOST_TEST(roster.suspend("team-a", SuspensionReason::key));
  BOOST_TEST(!roster.none_usable());
  BOOST_TEST(roster.resume("team-a", SuspensionReason::quota));
  BOOST_TEST(!roster.resume("team-a", SuspensionReason::quota));
  BOOST_TEST(!roster.usable("team-a"));
  BOOST_TEST(roster.any_suspended(SuspensionReason::key));
  BOOST_TEST(!roster.any_suspended(SuspensionReason::quota));
  roster.suspend("default", SuspensionReason::drained);
  BOOST_TEST(roster.none_usable());
}

BOOST_AUTO_TEST_CASE(a_key_that_was_refused_or_empty_comes_back_on_trial) {
  KeyRoster roster{two, false};
  BOOST_TEST(!roster.on_trial("default"));
  roster.resume("default", SuspensionReason::quota); // it was not suspended
  BOOST_TEST(!roster.on_trial("default"));
  for (const auto reason : {SuspensionReason::quota, SuspensionReason::key}) {
    roster.suspend("default", reason);
    roster.resume("default", reason);
    BOOST_TEST(roster.on_trial("default"));
    BOOST_TEST(!roster.on_trial("team-a"));
    BOOST_TEST(roster.trust("default"));
    BOOST_TEST(!roster.trust("default"));
  }
  roster.suspend("default", SuspensionReason::drained);
  roster.resume("default", SuspensionReason::drained);
  BOOST_TEST(!roster.on_trial("default"));
}

BOOST_AUTO_TEST_SUITE_END()
