#include "adapters/budget/redis_budget.hpp"
#include "adapters/profile/profile_reader.hpp"
#include "adapters/redis/redis_client.hpp"
#include "app/health_checks.hpp"
#include "tests/support/holds.hpp"
#include "tests/support/redis_fixture.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gleaner;
using namespace gleaner::test;

namespace key_health {

/// An API that has one answer for each key.
struct Fixture {
  HttpReply answer = http_reply("200 OK", R"({"data":{"plan_name":"Free"}})");
  ScriptedHttp api{[this](const std::string&) { return answer; }};
  TemporaryFolder folder;
  Config config;

  Fixture() {
    config.api.url = api.url();
    config.redis = shared_redis().config();
    config.store.folder = folder / "collections";
  }
  /// What is said of the key that is not fine, of all.
  std::string told(const std::string& name) const {
    std::string text;
    for (const auto& check : check_health(config, profile::builtin_profile(), "0"))
      if (check.name == name && check.verdict != HealthCheck::Verdict::ok)
        text += check.detail + '\n';
    return text;
  }
};

} // namespace key_health

BOOST_FIXTURE_TEST_SUITE(key_health, Fixture)

BOOST_AUTO_TEST_CASE(a_refused_key_is_told_with_its_own_place) {
  answer = http_reply("401 Unauthorized", R"({"errors":[{"id":"authentication_failed"}]})");
  config.api.key = "a-bad-key";
  config.api.named_keys["team-a"].secret = "a-bad-key-too";
  config.api.named_keys["b"].secret = "a-bad-key-of-a-file";
  config.api.named_keys["b"].secret_file = "/run/b.key";
  BOOST_TEST(holds(told("key"), "; set HUNTER_API_KEY to a valid key of the account"));
  BOOST_TEST(holds(told("key team-a"), "; set HUNTER_API_KEY_TEAM_A to a valid key"));
  BOOST_TEST(holds(told("key b"), "; write into /run/b.key a valid key"));
}

BOOST_AUTO_TEST_CASE(a_restricted_account_and_an_answer_of_something_else_have_remedies) {
  config.api.key = "a-good-key";
  answer = http_reply("429 Too Many Requests", R"({"errors":[{"id":"restricted_account"}]})");
  BOOST_TEST(holds(told("key"), "give the account a plan at the provider, or set HUNTER_API_KEY"));
  answer = http_reply("200 OK", "{}");
  BOOST_TEST(holds(told("key"), "the account answer has no data; "));
  BOOST_TEST(holds(told("key"), "HUNTER_API_URL"));
}

BOOST_AUTO_TEST_CASE(a_drained_key_is_told_with_the_way_back) {
  config.api.key = "a-drained-key";
  BOOST_TEST(told("key") == "");
  redis::RedisClient client{config.redis, ""};
  const auto state = budget::state_key(config.api.key);
  BOOST_REQUIRE(client.call({"HSET", state, "drained", "1"}));
  BOOST_TEST(holds(told("key"), "gleaner keys resume default"));
  BOOST_REQUIRE(client.call({"DEL", state}));
}

BOOST_AUTO_TEST_SUITE_END()
