#include "adapters/embedded/embedded_redis.hpp"
#include "adapters/profile/profile_reader.hpp"
#include "adapters/redis/redis_client.hpp"
#include "app/health_checks.hpp"
#include "tests/simulator/hunter_simulator.hpp"
#include "tests/support/print_error.hpp"
#include "tests/support/redis_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

using namespace gleaner;
using namespace gleaner::test;
using Verdict = HealthCheck::Verdict;

namespace gleaner {

std::ostream& boost_test_print_type(std::ostream& out, HealthCheck::Verdict verdict) {
  return out << (verdict == Verdict::ok ? "ok" : verdict == Verdict::warn ? "warn" : "fail");
}

} // namespace gleaner

namespace {

const HealthCheck& named(const std::vector<HealthCheck>& checks, const std::string& name) {
  const auto found = std::find_if(checks.begin(), checks.end(),
                                  [&name](const HealthCheck& each) { return each.name == name; });
  BOOST_REQUIRE_MESSAGE(found != checks.end(), "no check of " << name);
  return *found;
}

bool tells(const HealthCheck& check, const std::string& text) {
  return check.detail.find(text) != std::string::npos;
}

constexpr const char* good_info =
  "redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n";

/// Surroundings in which all is well.
struct Fixture {
  sim::HunterSimulator api;
  TemporaryFolder folder;
  Config config;

  Fixture() {
    api.start();
    config.api.url = api.api_url();
    config.api.key = "a-good-key";
    config.redis = shared_redis().config();
    config.store.folder = folder / "collections";
    config.state_folder = folder / "state";
  }
  std::vector<HealthCheck> check() const {
    return check_health(config, profile::builtin_profile(), "0");
  }
  /// Anything that comes in place of the one Redis.
  void without_redis_url() { config.redis.url.clear(); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(judging_redis)

BOOST_AUTO_TEST_CASE(a_redis_as_it_should_be_is_fine) {
  const auto checks = judge_redis(good_info);
  for (const auto& check : checks)
    BOOST_TEST(check.verdict == Verdict::ok, check.name << ": " << check.detail);
  BOOST_TEST(checks.size() == 3);
}

BOOST_AUTO_TEST_CASE(versions_before_6_2_are_refused) {
  for (const std::string version : {"2.8.24", "5.0.14", "6.0.16", "6.1.240"}) {
    const auto checks = judge_redis("redis_version:" + version + "\r\n");
    BOOST_TEST(named(checks, "redis").verdict == Verdict::fail, version);
    BOOST_TEST(named(checks, "redis").code == Errc::redis_refused);
    BOOST_TEST(tells(named(checks, "redis"), version));
    BOOST_TEST(tells(named(checks, "redis"), "6.2 or newer"));
  }
  for (const std::string version : {"6.2.0", "7.0.15", "8.0", "10.0.1"}) {
    const auto checks = judge_redis("redis_version:" + version + "\r\n");
    BOOST_TEST(named(checks, "redis").verdict == Verdict::ok, version);
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_hides_its_version_or_policy_is_no_failure) {
  const auto checks = judge_redis("# Server\r\n");
  BOOST_TEST(named(checks, "redis").verdict == Verdict::warn);
  BOOST_TEST(tells(named(checks, "redis"), "6.2 or newer"));
  BOOST_TEST(named(checks, "eviction").verdict == Verdict::warn);
  BOOST_TEST(tells(named(checks, "eviction"), "noeviction"));
}

BOOST_AUTO_TEST_CASE(a_policy_that_loses_jobs_is_refused) {
  const auto checks = judge_redis("redis_version:7.0.15\r\nmaxmemory_policy:allkeys-lru\r\n");
  BOOST_TEST(named(checks, "eviction").verdict == Verdict::fail);
  BOOST_TEST(named(checks, "eviction").code == Errc::redis_refused);
  BOOST_TEST(tells(named(checks, "eviction"), "allkeys-lru"));
  BOOST_TEST(tells(named(checks, "eviction"), "maxmemory-policy noeviction"));
}

BOOST_AUTO_TEST_CASE(a_redis_without_append_only_file_is_a_warning) {
  const auto checks = judge_redis("redis_version:7.0.15\r\naof_enabled:0\r\n");
  BOOST_TEST(named(checks, "persistence").verdict == Verdict::warn);
  BOOST_TEST(tells(named(checks, "persistence"), "appendonly yes"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(health_checks, Fixture)

BOOST_AUTO_TEST_CASE(good_surroundings_have_no_failure) {
  const auto checks = check();
  for (const auto* name : {"key", "plan", "redis", "eviction", "clock", "store"})
    BOOST_TEST(named(checks, name).verdict == Verdict::ok, named(checks, name).detail);
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

BOOST_AUTO_TEST_SUITE_END()
