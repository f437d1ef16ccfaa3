#include "app/redis_health.hpp"
#include "tests/support/surroundings.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gleaner;
using namespace gleaner::test;
using Verdict = HealthCheck::Verdict;

namespace {

constexpr const char* good_info =
  "redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n";

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

BOOST_AUTO_TEST_CASE(a_snapshot_or_a_file_that_can_not_be_written_is_told_with_what_follows) {
  const auto failing = judge_redis("aof_enabled:1\r\naof_last_write_status:err\r\n");
  BOOST_TEST(named(failing, "persistence").verdict == Verdict::fail);
  BOOST_TEST(tells(named(failing, "persistence"), "make room on its disk"));
  const auto snapshot = judge_redis("aof_enabled:1\r\nrdb_last_bgsave_status:err\r\n");
  BOOST_TEST(named(snapshot, "persistence").verdict == Verdict::warn);
  BOOST_TEST(tells(named(snapshot, "persistence"), "see to its disk and memory"));
}

BOOST_AUTO_TEST_CASE(memory_is_looked_at_against_its_bound) {
  const auto with = [](const std::string& used, const std::string& most) {
    return judge_redis("used_memory:" + used + "\r\nmaxmemory:" + most +
                       "\r\ntotal_system_memory:1073741824\r\n");
  };
  BOOST_TEST(named(with("52428800", "104857600"), "memory").verdict == Verdict::ok);
  BOOST_TEST(tells(named(with("52428800", "104857600"), "memory"), "50 MiB of 100 MiB"));
  BOOST_TEST(named(with("96468992", "104857600"), "memory").verdict == Verdict::warn);
  BOOST_TEST(named(with("104857600", "104857600"), "memory").verdict == Verdict::fail);
  BOOST_TEST(tells(named(with("104857600", "104857600"), "memory"), "raise maxmemory"));
  BOOST_TEST(tells(named(with("52428800", "0"), "memory"), "of 1024 MiB (the machine's)"));
}

BOOST_AUTO_TEST_CASE(a_replica_is_refused_with_the_way_to_the_primary) {
  const auto checks = judge_redis(
    good_info + std::string{"role:slave\r\nmaster_host:10.0.0.9\r\nmaster_port:6380\r\n"});
  BOOST_TEST(named(checks, "role").verdict == Verdict::fail);
  BOOST_TEST(tells(named(checks, "role"), "primary, 10.0.0.9:6380"));
}

BOOST_AUTO_TEST_SUITE_END()
