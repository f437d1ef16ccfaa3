#include "app/settings.hpp"
#include "tests/support/holds.hpp"
#include "tests/support/settings_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;

BOOST_FIXTURE_TEST_SUITE(config_loader, SettingsFixture)

BOOST_AUTO_TEST_CASE(without_any_source_all_settings_have_their_defaults) {
  const auto loaded = load();
  BOOST_TEST(loaded.problems.empty());
  BOOST_TEST(loaded.config.queue.name == "domain-collection");
  BOOST_TEST(loaded.origins.at("queue.name") == "default");
}

BOOST_AUTO_TEST_CASE(flag_beats_variable_beats_file_beats_default_for_each_setting) {
  write("gleaner.toml", "[queue]\nname = \"from-file\"\nprefix = \"file\"\nconcurrency = 3\n");
  variables["GLEANER_QUEUE"] = "from-env";
  variables["GLEANER_CONCURRENCY"] = "4";
  sources.flags["queue.name"] = "from-flag";
  const auto loaded = load();
  BOOST_TEST(loaded.problems.empty());
  BOOST_TEST(loaded.config.queue.name == "from-flag");
  BOOST_TEST(loaded.origins.at("queue.name") == "flag --queue");
  BOOST_TEST(loaded.config.queue.concurrency == 4u);
  BOOST_TEST(loaded.origins.at("queue.concurrency") == "GLEANER_CONCURRENCY");
  BOOST_TEST(loaded.config.queue.prefix == "file");
  BOOST_TEST(holds(loaded.origins.at("queue.prefix"), "gleaner.toml:3"));
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_write_is_read_only_when_it_is_named) {
  const auto path = write("gleaner.toml", "[queue]\nname = \"planted\"\n", 0666);
  BOOST_TEST(holds(only_problem(), "--config"));
  BOOST_TEST(load().config.queue.name == "domain-collection");
  sources.file = path;
  BOOST_TEST(load().config.queue.name == "planted");
}

BOOST_AUTO_TEST_CASE(an_empty_variable_counts_as_unset) {
  variables["GLEANER_QUEUE"] = "";
  BOOST_TEST(load().config.queue.name == "domain-collection");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_is_named_with_its_place_and_a_suggestion) {
  write("gleaner.toml", "[queue]\nconcurency = 3\n");
  const auto problem = only_problem();
  BOOST_TEST(holds(problem, "gleaner.toml:2:"));
  BOOST_TEST(holds(problem, "queue.concurency"));
  BOOST_TEST(holds(problem, "did you mean queue.concurrency?"));
}

BOOST_AUTO_TEST_CASE(a_wrong_value_is_named_with_what_is_accepted) {
  write("gleaner.toml", "shutdown_grace = 25\n");
  BOOST_TEST(holds(only_problem(), "a duration with its unit"));
  write("gleaner.toml", "[queue]\nconcurrency = 10001\n");
  BOOST_TEST(holds(only_problem(), "from 1 to 10000"));
  write("gleaner.toml", "[queue]\nconcurrency = 1.5\n");
  BOOST_TEST(holds(only_problem(), "neither a text nor a whole number"));
  write("gleaner.toml", "[queue\n");
  BOOST_TEST(holds(only_problem(), "gleaner.toml:1:"));
}

BOOST_AUTO_TEST_CASE(no_age_is_off) {
  for (const auto* text : {"off", "0ms"}) {
    sources.flags["api.fresh_for"] = text;
    const auto loaded = load();
    BOOST_TEST(loaded.problems.empty());
    BOOST_TEST(loaded.config.api.fresh_for.count() == 0);
    BOOST_TEST(find_setting("api.fresh_for")->show(loaded.config) == "off");
  }
  sources.flags["api.fresh_for"] = "8785h";
  BOOST_TEST(holds(only_problem(), "up to 8784h, or off"));
}

BOOST_AUTO_TEST_CASE(a_file_that_was_named_must_exist) {
  sources.file = folder / "none.toml";
  BOOST_TEST(holds(only_problem(), "none.toml"));
}

BOOST_AUTO_TEST_CASE(a_key_can_come_from_a_private_file) {
  variables["HUNTER_API_KEY_FILE"] = write("key", "secret-key\n");
  const auto loaded = load();
  BOOST_TEST(loaded.problems.empty());
  BOOST_TEST(loaded.config.api.key.view() == "secret-key");
  BOOST_TEST(loaded.origins.at("api.key") == "HUNTER_API_KEY_FILE");
}

BOOST_AUTO_TEST_CASE(a_secret_and_a_file_for_it_are_not_both_meant) {
  variables["HUNTER_API_KEY_FILE"] = write("key", "secret-key\n");
  variables["HUNTER_API_KEY"] = "another-key";
  BOOST_TEST(only_problem() ==
             "HUNTER_API_KEY and HUNTER_API_KEY_FILE are both set; unset one of them");
  variables["HUNTER_API_KEY"] = "";
  BOOST_TEST(load().config.api.key.view() == "secret-key");
}

BOOST_AUTO_TEST_CASE(a_key_that_others_can_read_is_refused) {
  variables["HUNTER_API_KEY_FILE"] = write("key", "secret-key", 0644);
  const auto problem = only_problem();
  BOOST_TEST(holds(problem, "chmod 600"));
  BOOST_TEST(!holds(problem, "secret-key"));
}

BOOST_AUTO_TEST_CASE(a_credential_of_systemd_may_have_the_mask_of_an_acl) {
  variables["HUNTER_API_KEY_FILE"] = write("key", "secret-key", 0440);
  variables["REDIS_URL_FILE"] = write("redis", "redis://localhost", 0440);
  variables["CREDENTIALS_DIRECTORY"] = folder.path();
  const auto loaded = load();
  BOOST_TEST(loaded.problems.empty());
  BOOST_TEST(loaded.config.api.key.view() == "secret-key");
  BOOST_TEST(loaded.config.redis.url == "redis://localhost");
  variables["CREDENTIALS_DIRECTORY"] = folder / "other";
  BOOST_TEST(load().problems.size() == 2u);
}

BOOST_AUTO_TEST_CASE(secrets_are_not_shown_when_they_are_refused) {
  variables["HUNTER_API_KEY"] = "secret key";
  BOOST_TEST(!holds(only_problem(), "secret key"));
}

BOOST_AUTO_TEST_CASE(plain_http_is_for_this_machine_only) {
  for (const auto* url :
       {"http://127.0.0.1:8080/v2", "http://localhost/v2", "https://api.test/v2"}) {
    variables["HUNTER_API_URL"] = url;
    BOOST_TEST(load().problems.empty());
  }
  for (const auto* url : {"http://api.test/v2", "http://127.0.0.1.evil.test", "ftp://x", "api.test",
                          "http://localhost:80@evil.test/v2", "http://127.0.0.1\\@evil.test",
                          "https://u:p@api.test/v2", "https://api.test/v2?x=1"}) {
    variables["HUNTER_API_URL"] = url;
    BOOST_TEST(holds(only_problem(), "HUNTER_API_URL"));
  }
}

BOOST_AUTO_TEST_CASE(the_rest_form_of_redis_needs_its_token_and_yields_to_redis_url) {
  variables["UPSTASH_REDIS_REST_URL"] = "https://x.upstash.test";
  BOOST_TEST(holds(only_problem(), "UPSTASH_REDIS_REST_TOKEN"));
  variables["UPSTASH_REDIS_REST_TOKEN"] = "token";
  BOOST_TEST(load().problems.empty());
  BOOST_TEST(load().config.redis.url == "https://x.upstash.test");
  variables["GLEANER_REDIS__TLS_SERVER_NAME"] = "other.test";
  BOOST_TEST(holds(only_problem(), "redis.tls_server_name"));
  variables["REDIS_URL"] = "redis://localhost";
  BOOST_TEST(load().problems.empty());
  BOOST_TEST(load().config.redis.url == "redis://localhost");
}

BOOST_AUTO_TEST_CASE(a_redis_url_that_cannot_be_used_is_a_mistake_that_hides_its_password) {
  for (const auto* url : {"rediss://u:hunter2@h:0", "http//hunter2", "redis://:hunter2@h:port"}) {
    variables["REDIS_URL"] = url;
    const auto problem = only_problem();
    BOOST_TEST(holds(problem, "redis"));
    BOOST_TEST(!holds(problem, "hunter2"));
  }
  variables.erase("REDIS_URL");
  write("gleaner.toml", "[redis]\nurl = \"nonsense\"\n");
  BOOST_TEST(holds(only_problem(), "gleaner.toml:2:"));
}

BOOST_AUTO_TEST_CASE(files_for_tls_must_exist_and_a_certificate_needs_its_key) {
  variables["REDIS_URL"] = "rediss://h";
  variables["GLEANER_REDIS__TLS_CA"] = folder / "none.pem";
  BOOST_TEST(holds(only_problem(), "none.pem"));
  variables["GLEANER_REDIS__TLS_CA"] = write("ca.pem", "");
  BOOST_TEST(load().problems.empty());
  variables["GLEANER_REDIS__TLS_CERT"] = write("client.pem", "");
  BOOST_TEST(holds(only_problem(), "redis.tls_key"));
  sources.flags["redis.tls_key"] = write("client.key", "");
  const auto loaded = load();
  BOOST_TEST(loaded.problems.empty());
  BOOST_TEST(loaded.origins.at("redis.tls_key") == "flag --redis-tls-key");
}

BOOST_AUTO_TEST_CASE(a_listening_address_needs_a_port_that_exists) {
  for (const auto* address : {"127.0.0.1:0", "[::1]:9464", "0.0.0.0:65535"}) {
    variables["GLEANER_LISTEN"] = address;
    BOOST_TEST(load().problems.empty());
  }
  for (const auto* address : {"127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:65536", "h:-1"}) {
    variables["GLEANER_LISTEN"] = address;
    BOOST_TEST(holds(only_problem(), "GLEANER_LISTEN"));
  }
}

BOOST_AUTO_TEST_CASE(a_file_named_by_an_empty_variable_is_none) {
  sources.file = "";
  BOOST_TEST(load().problems.empty());
}

BOOST_AUTO_TEST_CASE(a_default_file_that_cannot_be_reached_is_not_passed_over) {
  sources.default_file = write("plain", "") + "/gleaner.toml"; // "not a directory"
  BOOST_TEST(holds(only_problem(), "gleaner.toml"));
}

BOOST_AUTO_TEST_CASE(a_key_file_that_holds_none_is_refused) {
  variables["HUNTER_API_KEY_FILE"] = write("key", " \n");
  BOOST_TEST(holds(only_problem(), "empty"));
  variables["HUNTER_API_KEY_FILE"] = write("key", std::string(100000, 'k'));
  BOOST_TEST(holds(only_problem(), "64 KiB"));
  variables["HUNTER_API_KEY_FILE"] = folder.path();
  BOOST_TEST(holds(only_problem(), "not a file"));
}

BOOST_AUTO_TEST_CASE(every_setting_has_a_variable_and_only_secrets_lack_a_flag) {
  for (const auto& setting : settings()) {
    BOOST_TEST_CONTEXT(setting.path) {
      BOOST_TEST(!setting.variables.empty());
      BOOST_TEST(setting.flag.empty() == setting.secret);
      Config config;
      const auto shown = setting.show(config);
      if (!shown.empty())
        BOOST_CHECK(setting.assign(config, shown));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
