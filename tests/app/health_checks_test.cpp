#include "adapters/embedded/embedded_redis.hpp"
#include "adapters/redis/redis_client.hpp"
#include "app/health_checks.hpp"
#include "tests/support/surroundings.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <vector>

using namespace gleaner;
using namespace gleaner::test;
using Verdict = HealthCheck::Verdict;

BOOST_FIXTURE_TEST_SUITE(health_checks, Surroundings)

BOOST_AUTO_TEST_CASE(good_surroundings_have_no_failure) {
  const auto checks = check();
  for (const auto* name : {"key", "plan", "redis", "eviction", "memory", "clock", "queue", "store",
                           "state", "listen", "version"})
    BOOST_TEST(named(checks, name).verdict == Verdict::ok, named(checks, name).detail);
  for (const auto* library : {"gleaner 0 ", "CAF 0.17.", "libcurl/", "OpenSSL/"})
    BOOST_TEST(tells(named(checks, "version"), library), library);
  BOOST_TEST(named(checks, "persistence").verdict == Verdict::warn); // that of the tests has none
}

BOOST_AUTO_TEST_CASE(no_finding_shows_the_key) {
  for (const auto* key : {"a-good-key", "bad-key"}) {
    config.api.key = key;
    for (const auto& check : check())
      BOOST_TEST(!tells(check, key), check.detail);
  }
}

BOOST_AUTO_TEST_CASE(a_missing_key_is_told_with_its_remedy) {
  config.api.key.clear();
  const auto checks = check();
  BOOST_TEST(named(checks, "key").verdict == Verdict::fail);
  BOOST_TEST(named(checks, "key").code == Errc::key_rejected);
  BOOST_TEST(tells(named(checks, "key"), "HUNTER_API_KEY"));
  BOOST_TEST(named(checks, "redis").verdict == Verdict::ok, "the rest is checked all the same");
}

BOOST_AUTO_TEST_CASE(a_refused_key_is_a_failure) {
  config.api.key = "bad-key";
  const auto checks = check();
  BOOST_TEST(named(checks, "key").verdict == Verdict::fail);
  BOOST_TEST(named(checks, "key").code == Errc::key_rejected);
}

BOOST_AUTO_TEST_CASE(an_api_that_is_not_there_is_a_failure) {
  api.stop();
  const auto checks = check();
  BOOST_TEST(named(checks, "key").verdict == Verdict::fail);
  BOOST_TEST(named(checks, "key").code == Errc::api_unavailable);
}

BOOST_AUTO_TEST_CASE(an_empty_plan_is_a_warning) {
  api.admin("POST", "/admin/account",
            R"({"key":"a-good-key","available":100,"used":100,"reset":"2099-01-31"})");
  const auto checks = check();
  BOOST_TEST(named(checks, "key").verdict == Verdict::ok);
  BOOST_TEST(named(checks, "plan").verdict == Verdict::warn);
  BOOST_TEST(tells(named(checks, "plan"), ", 0 credits left"));
  BOOST_TEST(tells(named(checks, "plan"), "reset 2099-01-31"));
}

BOOST_AUTO_TEST_CASE(credits_are_shown_as_the_account_counts_them) {
  const auto shown = [this](const char* available, const char* words) {
    api.admin("POST", "/admin/account",
              std::string{R"({"key":"a-good-key","used":0,"available":)"} + available + "}");
    const auto plan = named(check(), "plan");
    BOOST_TEST((plan.verdict == Verdict::ok));
    BOOST_TEST(tells(plan, words), plan.detail);
  };
  shown("12.5", ", 12.5 credits left");
  shown("1000000000", ", 1000000000 credits left");
  shown("1e12", ", 1000000000000 credits left");
}

BOOST_AUTO_TEST_CASE(a_redis_that_is_not_there_is_a_failure) {
  config.redis.url = "unix:///nonexistent/redis.sock";
  const auto checks = check();
  BOOST_TEST(named(checks, "redis").verdict == Verdict::fail);
  BOOST_TEST(named(checks, "redis").code == Errc::redis_unavailable);
  BOOST_TEST(named(checks, "store").verdict == Verdict::ok, "the rest is checked all the same");
}

BOOST_AUTO_TEST_CASE(the_policy_that_the_server_has_is_seen) {
  redis::RedisClient client{config.redis, ""};
  BOOST_REQUIRE(client.call({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"}));
  BOOST_TEST(named(check(), "eviction").verdict == Verdict::fail);
  BOOST_REQUIRE(client.call({"CONFIG", "SET", "maxmemory-policy", "noeviction"}));
  BOOST_TEST(named(check(), "eviction").verdict == Verdict::ok);
}

BOOST_AUTO_TEST_CASE(without_a_redis_there_will_be_a_private_one) {
  without_redis_url();
  BOOST_TEST(named(check(), "redis").verdict == Verdict::warn);
  BOOST_TEST(!std::filesystem::exists(config.state_folder), "a check has made the folder");
}

BOOST_AUTO_TEST_CASE(a_private_redis_that_was_killed_will_be_started_again) {
  without_redis_url();
  const auto socket = embedded::embedded_socket(config.state_folder);
  std::filesystem::create_directories(std::filesystem::path{socket}.parent_path());
  write_file(socket, ""); // like that of a dead server: there, and nobody listens
  const auto checks = check();
  BOOST_TEST(named(checks, "redis").verdict == Verdict::warn, named(checks, "redis").detail);
}

BOOST_AUTO_TEST_CASE(the_private_redis_of_a_running_worker_is_checked) {
  without_redis_url();
  const auto server = embedded::EmbeddedRedis::start(config.state_folder);
  BOOST_REQUIRE(server);
  const auto checks = check();
  for (const auto* name : {"redis", "eviction", "persistence", "clock"})
    BOOST_TEST(named(checks, name).verdict == Verdict::ok, named(checks, name).detail);
}

BOOST_AUTO_TEST_CASE(a_store_that_cannot_be_written_is_a_failure) {
  write_file(config.store.folder, "a file in its place");
  const auto checks = check();
  BOOST_TEST(named(checks, "store").verdict == Verdict::fail);
  BOOST_TEST(named(checks, "store").code == Errc::store_unwritable);
  BOOST_TEST(tells(named(checks, "store"), config.store.folder));
}

BOOST_AUTO_TEST_CASE(no_check_leaves_a_file_in_the_store) {
  check();
  BOOST_TEST(names_in(config.store.folder).empty());
}

BOOST_AUTO_TEST_CASE(the_version_that_opened_the_queue_is_told) {
  BOOST_TEST(tells(named(check(), "queue"), "no producer of Node has opened it yet"));
  redis::RedisClient client{config.redis, ""};
  BOOST_REQUIRE(client.call({"HSET", "bull:domain-collection:meta", "version", "bullmq:6.7.0"}));
  BOOST_TEST(tells(named(check(), "queue"), "last opened by bullmq:6.7.0"));
  BOOST_REQUIRE(client.call({"HSET", "bull:domain-collection:meta", "version", "bullmq:4.0.0"}));
  BOOST_TEST(named(check(), "queue").verdict == Verdict::fail);
  BOOST_REQUIRE(client.call({"DEL", "bull:domain-collection:meta"}));
}

BOOST_AUTO_TEST_CASE(what_a_plan_does_not_give_is_a_warning) {
  const auto warns = [this](const char* account, const char* words) {
    api.admin("POST", "/admin/account", std::string{R"({"key":"a-good-key",)"} + account + "}");
    const auto plan = named(check(), "plan");
    BOOST_TEST(plan.verdict == Verdict::warn, plan.detail);
    BOOST_TEST(tells(plan, words), plan.detail);
  };
  warns(R"("available":100,"used":100)", "jobs wait for the reset");
  warns(R"("available":100,"used":95)", "below the 10 credits that a page may cost");
  config.api.caps.floor = 50;
  warns(R"("available":100,"used":60)", "at api.credit_floor");
  config.api.caps = {};
  config.api.caps.per_day = 5;
  warns(R"("available":100,"used":0)", "api.credits_per_day is below the 10 credits");
  config.api.caps = {};
  warns(R"("available":100,"used":0,"level":0)", "plan_cap");
}

BOOST_AUTO_TEST_SUITE_END()
