#include "app/metrics_table.hpp"
#include "app/setting_table.hpp"
#include "app/settings.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(settings_of_the_manual)

BOOST_AUTO_TEST_CASE(the_manual_holds_the_tables_of_all_settings) {
  std::ifstream file{GLEANER_MANUAL};
  const std::string manual{std::istreambuf_iterator<char>{file}, {}};
  // To renew it: gleaner config show --markdown
  BOOST_TEST(manual.find(settings_table(settings())) != std::string::npos);
  BOOST_TEST(manual.find(settings_table(key_settings("NAME"))) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_table_of_all_metrics_is_in_the_documents) {
  std::ifstream file{GLEANER_OBSERVING};
  const std::string manual{std::istreambuf_iterator<char>{file}, {}};
  // To renew it: gleaner metrics --markdown
  BOOST_TEST(manual.find(metrics_table(exported_metrics(Config{}))) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(variables_are_made_of_the_path) {
  BOOST_TEST(variable_of("redis.url") == "GLEANER_REDIS__URL");
  BOOST_TEST(variable_of("state_folder") == "GLEANER_STATE_FOLDER");
}

BOOST_AUTO_TEST_CASE(a_mistyped_path_finds_its_like_and_nonsense_nothing) {
  BOOST_TEST(closest_path("redis.ulr") == "redis.url");
  BOOST_TEST(closest_path("zzzzzzzz") == "");
}

BOOST_AUTO_TEST_CASE(a_setting_of_a_few_words_names_and_accepts_only_these) {
  const auto& level = *find_setting("log.level");
  BOOST_TEST(level.accepts == "debug, info, warn or error");
  BOOST_TEST(level.value_name == "VALUE:{debug,info,warn,error}");
  Config config;
  BOOST_CHECK(level.assign(config, "warn"));
  BOOST_CHECK(!level.assign(config, "loud"));
  BOOST_CHECK(!level.assign(config, ""));
  BOOST_TEST(config.log.level == "warn");
}

BOOST_AUTO_TEST_CASE(paths_are_called_what_they_are_paths_of) {
  for (const auto* folder : {"store.folder", "state_folder"})
    BOOST_TEST(find_setting(folder)->value_name == "FOLDER");
  for (const auto* file : {"redis.tls_ca", "redis.tls_cert", "redis.tls_key", "api.profile"})
    BOOST_TEST(find_setting(file)->value_name == "FILE");
  BOOST_TEST(find_setting("queue.name")->value_name == "VALUE");
}

BOOST_AUTO_TEST_SUITE_END()
