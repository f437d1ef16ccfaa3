#include "app/settings.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(settings_of_the_manual)

BOOST_AUTO_TEST_CASE(the_manual_holds_the_table_of_all_settings) {
  std::ifstream file{GLEANER_MANUAL};
  const std::string manual{std::istreambuf_iterator<char>{file}, {}};
  // To renew it: gleaner config show --markdown
  BOOST_TEST(manual.find(settings_table()) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(variables_are_made_of_the_path) {
  BOOST_TEST(variable_of("redis.url") == "GLEANER_REDIS__URL");
  BOOST_TEST(variable_of("state_folder") == "GLEANER_STATE_FOLDER");
}

BOOST_AUTO_TEST_CASE(a_mistyped_path_finds_its_like_and_nonsense_nothing) {
  BOOST_TEST(closest_path("redis.ulr") == "redis.url");
  BOOST_TEST(closest_path("zzzzzzzz") == "");
}

BOOST_AUTO_TEST_SUITE_END()
