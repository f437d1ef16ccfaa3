#include "adapters/redis/redis_client.hpp"
#include "app/startup_checks.hpp"
#include "tests/support/print_error.hpp"
#include "tests/support/redis_fixture.hpp"
#include "tests/support/scripted_api.hpp"
#include "tests/support/scripted_redis.hpp"
#include "tests/support/silent_log.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

using namespace gleaner;
using namespace gleaner::test;

namespace {

using Codes = std::vector<std::string>;

struct StartupFixture {
  SilentLog log;
  ScriptedApi api;
  int tries = 0; ///< Failed ones after which another was possible.

  Status await(
    const RedisConfig& redis, std::chrono::milliseconds timeout = std::chrono::hours{1},
    const std::function<bool()>& cancelled = [] { return false; }) {
    Config config;
    config.redis = redis;
    config.startup_timeout = timeout;
    return await_redis(config, log, [&] {
      ++tries;
      return cancelled();
    });
  }
  static RedisConfig nowhere() {
    RedisConfig redis;
    redis.url = "unix:///nonexistent/redis.sock";
    return redis;
  }
};

/// Never answers.
class SilentApi final : public HunterApi {
public:
  void search(const PageRequest&, std::chrono::steady_clock::time_point,
              std::function<void(ApiAnswer)>) override {}
  void count(const std::string&, CountReply) override {}
  void account(std::function<void(Result<ApiAccount>)> reply) override { asked = std::move(reply); }
  std::function<void(Result<ApiAccount>)> asked;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(plain_redis, StartupFixture)

BOOST_AUTO_TEST_CASE(only_clear_text_to_another_machine_is_warned_of) {
  Config config;
  for (const auto* url :
       {"redis://:pw@10.0.0.7:6379", "redis://redis:6379/1", "redis://[2001:db8::1]:6379",
        "redis://localhost.example.com", "redis://127.evil.example"}) {
    config.redis.url = url;
    log.codes.clear();
    warn_of_plain_redis(config, log);
    BOOST_TEST(log.codes == Codes{"redis.plaintext"}, url);
  }
  log.codes.clear();
  for (const auto* url :
       {"redis://localhost:6379", "redis://:pw@127.0.0.1", "redis://[::1]:1",
        "unix:///run/redis.sock", "rediss://10.0.0.7", "https://name.upstash.io"}) {
    config.redis.url = url;
    warn_of_plain_redis(config, log);
  }
  BOOST_TEST(log.codes.empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(awaiting_redis, StartupFixture)

BOOST_AUTO_TEST_CASE(a_redis_that_answers_is_taken_at_once) {
  BOOST_TEST(bool{await(shared_redis().config(), std::chrono::milliseconds{0})});
  BOOST_TEST(tries == 0);
  BOOST_TEST(log.codes.empty());
}

BOOST_AUTO_TEST_CASE(a_redis_that_comes_later_is_awaited_with_one_warning) {
  RedisServer server;
  server.stop();
  const auto awaited = await(server.config(), std::chrono::hours{1}, [&] {
    if (tries == 3)
      server.start();
    return false;
  });
  BOOST_TEST(bool{awaited});
  BOOST_TEST(tries >= 3);
  BOOST_TEST(log.codes == Codes{"redis.unreachable"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_redis_that_still_loads_is_awaited) {
  const ScriptedRedis loading{{"+OK", "-LOADING Redis is loading the dataset in memory", "+PONG"}};
  BOOST_TEST(bool{await(loading.config())});
  BOOST_TEST(tries == 1);
}

BOOST_AUTO_TEST_CASE(the_wait_for_redis_ends_with_its_time) {
  const auto awaited = await(nowhere(), std::chrono::milliseconds{0});
  BOOST_REQUIRE(!awaited);
  BOOST_TEST(awaited.error().code == Errc::redis_unavailable);
  BOOST_TEST(awaited.error().detail.find("/nonexistent/redis.sock") != std::string::npos);
  BOOST_TEST(tries == 0);
}

BOOST_AUTO_TEST_CASE(a_signal_ends_the_wait_for_redis) {
  const auto awaited = await(nowhere(), std::chrono::hours{1}, [this] { return tries == 2; });
  BOOST_REQUIRE(!awaited);
  BOOST_TEST(awaited.error().code == Errc::redis_unavailable);
  BOOST_TEST(tries == 2);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_told_at_once) {
  RedisServer server;
  redis::RedisClient client{server.config(), ""};
  BOOST_REQUIRE(client.call({"CONFIG", "SET", "requirepass", "secret"}));
  const auto awaited = await(server.config());
  BOOST_REQUIRE(!awaited);
  BOOST_TEST(awaited.error().code == Errc::redis_denied);
  BOOST_TEST(tries == 0);
}

BOOST_AUTO_TEST_CASE(what_is_no_redis_is_told_at_once) {
  const ScriptedRedis web_server{{"HTTP/1.1 400 Bad Request"}};
  const auto awaited = await(web_server.config());
  BOOST_REQUIRE(!awaited);
  BOOST_TEST(awaited.error().code == Errc::redis_refused);
  BOOST_TEST(awaited.error().detail.find("is not Redis") != std::string::npos);
  BOOST_TEST(tries == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(checking_eviction, StartupFixture)

BOOST_AUTO_TEST_CASE(a_redis_that_drops_keys_is_refused_with_the_remedy) {
  RedisServer server;
  redis::RedisClient client{server.config(), ""};
  Config config;
  config.redis = server.config();
  BOOST_TEST(bool{check_eviction(config, log)});
  for (const auto* policy : {"allkeys-lru", "volatile-ttl"}) {
    BOOST_REQUIRE(client.call({"CONFIG", "SET", "maxmemory-policy", policy}));
    const auto checked = check_eviction(config, log);
    BOOST_REQUIRE(!checked);
    BOOST_TEST(checked.error().code == Errc::usage);
    BOOST_TEST(checked.error().detail.find(policy) != std::string::npos);
    BOOST_TEST(checked.error().detail.find("set maxmemory-policy noeviction") != std::string::npos);
  }
  BOOST_TEST(log.codes.empty());
}

BOOST_AUTO_TEST_CASE(a_redis_that_does_not_tell_its_policy_is_warned_of) {
  for (const auto* answer : {"-NOPERM no INFO for you", "+used_memory:1"}) {
    const ScriptedRedis silent{{"+OK", answer}};
    Config config;
    config.redis = silent.config();
    BOOST_TEST(bool{check_eviction(config, log)});
  }
  BOOST_TEST(log.codes == Codes(2, "redis.eviction_unknown"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(checking_the_key, StartupFixture)

BOOST_AUTO_TEST_CASE(an_accepted_key_is_good) {
  BOOST_TEST(bool{check_key(api, log)});
  BOOST_TEST(api.account_calls == 1);
  BOOST_TEST(log.codes.empty());
}

BOOST_AUTO_TEST_CASE(a_refused_key_or_account_ends_the_start) {
  for (const auto code : {Errc::key_rejected, Errc::account_restricted}) {
    api.account_state = Error{code, "no"};
    const auto checked = check_key(api, log);
    BOOST_REQUIRE(!checked);
    BOOST_TEST(checked.error().code == code);
    BOOST_TEST(checked.error().detail == "no");
  }
  BOOST_TEST(log.codes.empty());
}

BOOST_AUTO_TEST_CASE(an_api_that_cannot_tell_is_a_warning) {
  for (const auto code : {Errc::api_unavailable, Errc::api_throttled, Errc::quota_exhausted,
                          Errc::api_blocked, Errc::body_malformed}) {
    log.codes.clear();
    api.account_state = Error{code, "no"};
    BOOST_TEST(bool{check_key(api, log)});
    BOOST_TEST(log.codes == Codes{"api.unreachable"}, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_too_late_does_no_harm) {
  SilentApi silent;
  BOOST_TEST(bool{check_key(silent, log, std::chrono::milliseconds{0})});
  BOOST_TEST(log.codes == Codes{"api.unreachable"}, boost::test_tools::per_element());
  BOOST_REQUIRE(silent.asked);
  silent.asked(Error{Errc::key_rejected, "late"});
}

BOOST_AUTO_TEST_SUITE_END()
