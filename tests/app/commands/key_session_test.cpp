#include "app/commands/key_session.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(key_session)

BOOST_AUTO_TEST_CASE(no_name_means_the_first_key_only_where_a_name_may_be_left_out) {
  Config config;
  BOOST_TEST((find_key(config, "").error().code == Errc::key_rejected));
  config.api.key = Secret{"first-secret"};
  BOOST_REQUIRE(bool(find_key(config, "")));
  BOOST_TEST(find_key(config, "")->name == "default");
  BOOST_TEST(find_named_key(config, "default")->name == "default");
  BOOST_TEST((find_named_key(config, "").error().code == Errc::usage));
  BOOST_TEST(find_named_key(config, "").error().detail ==
             "no API key is called ''; there are default");
}

BOOST_AUTO_TEST_SUITE_END()
