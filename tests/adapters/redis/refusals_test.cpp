#include "adapters/redis/redis_client.hpp"
#include "adapters/redis/redis_error.hpp"
#include "tests/support/redis_fixture.hpp"
#include "tests/support/scripted_redis.hpp"
#include "tests/support/wait_until.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

using namespace gleaner;
using namespace gleaner::redis;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace redis_refusals {

class Heard final : public RedisObserver {
public:
  std::size_t operation_of(std::span<const std::string> words) override { return words.size(); }
  void answered(std::size_t operation, std::chrono::duration<double> took, bool ok) override {
    const std::lock_guard guard{mutex_};
    answers_.push_back({operation, took.count(), ok});
  }
  void refused(const Error& error) override {
    const std::lock_guard guard{mutex_};
    refusals_.push_back(error.detail);
  }
  void reconnected() override { ++reconnects; }
  void went_stale() override { ++stale; }

  std::vector<std::string> refusals() {
    const std::lock_guard guard{mutex_};
    return refusals_;
  }
  struct Answer {
    std::size_t operation;
    double seconds;
    bool ok;
  };
  std::vector<Answer> answers() {
    const std::lock_guard guard{mutex_};
    return answers_;
  }
  std::atomic<int> reconnects{0};
  std::atomic<int> stale{0};

private:
  std::mutex mutex_;
  std::vector<std::string> refusals_;
  std::vector<Answer> answers_;
};

} // namespace redis_refusals

BOOST_AUTO_TEST_SUITE(redis_refusals)

BOOST_AUTO_TEST_CASE(each_refusal_has_its_reason) {
  const std::vector<std::pair<std::string, std::string>> cases{
    {"OOM command not allowed when used memory > 'maxmemory'.", "oom"},
    {"ERR Error running script (call to f_ab): @user_script:7: @user_script: 7: -OOM command not "
     "allowed",
     "oom"},
    {"MISCONF Redis is configured to save RDB snapshots", "misconf"},
    {"READONLY You can't write against a read only replica.", "readonly"},
    {"LOADING Redis is loading the dataset in memory", "loading"},
    {"BUSY Redis is busy running a script.", "busy"},
    {"MASTERDOWN Link with MASTER is down", "masterdown"},
    {"NOAUTH Authentication required.", "acl"},
    {"WRONGPASS invalid username-password pair", "acl"},
    {"NOPERM this user has no permissions to run the 'set' command", "acl"},
    {"ERR The user executing the script can't run this command or subcommand script: ab", "acl"},
    {"BUSYKEY Target key name already exists.", "other"},
    {"ERR unknown command 'X'", "other"}};
  for (const auto& [text, reason] : cases) {
    const auto found = refusal_reason(to_error(text));
    BOOST_TEST(found == reason, text);
    BOOST_TEST(std::count(std::begin(refusal_reasons), std::end(refusal_reasons), found) == 1);
  }
}

BOOST_AUTO_TEST_CASE(error_answers_are_heard_of_but_an_unknown_script_is_none) {
  Heard heard;
  RedisClient client{shared_redis().config(), "", {}, &heard};
  BOOST_TEST(bool(client.call({"PING"})));
  BOOST_TEST(!client.call({"EVALSHA", std::string(40, '1'), "0"}));
  BOOST_TEST(heard.refusals().empty());
  BOOST_TEST(!client.call({"NONSENSE"}));
  BOOST_REQUIRE(heard.refusals().size() == 1u);
  BOOST_TEST(heard.refusals()[0].starts_with("ERR unknown command"));
}

BOOST_AUTO_TEST_CASE(every_answer_is_heard_of_with_its_operation_and_time) {
  Heard heard;
  RedisClient client{shared_redis().config(), "", {}, &heard};
  BOOST_TEST(bool(client.call({"PING"})));
  BOOST_TEST(!client.call({"BLPOP", "nothing", "x"}));
  const auto slept = client.call({"BLPOP", "nothing", "0.2"});
  BOOST_TEST(bool(slept));
  const auto answers = heard.answers();
  BOOST_REQUIRE(answers.size() == 3u);
  BOOST_TEST((answers[0].operation == 1u && answers[0].ok));
  BOOST_TEST((answers[1].operation == 3u && !answers[1].ok));
  BOOST_TEST(answers[2].seconds >= 0.19);
  BOOST_TEST(answers[2].seconds < 60);
}

BOOST_AUTO_TEST_CASE(commands_without_answer_are_heard_of_as_failed) {
  RedisServer server;
  Heard heard;
  RedisClient client{server.config(), "", {}, &heard};
  BOOST_REQUIRE(bool(client.call({"PING"})));
  client.submit({"BLPOP", "nothing", "0"}, [](const auto&) {});
  RedisClient other{server.config(), ""};
  BOOST_REQUIRE(wait_until(
    [&] {
      return other.call({"INFO", "clients"})->text.find("blocked_clients:1") != std::string::npos;
    },
    20s));
  client.interrupt();
  BOOST_REQUIRE(wait_until([&] { return bool(client.call({"PING"})); }, 20s));
  const auto answers = heard.answers();
  BOOST_TEST(
    std::count_if(answers.begin(), answers.end(), [](const auto& each) { return !each.ok; }) == 1);
}

BOOST_AUTO_TEST_CASE(a_refused_login_is_heard_of) {
  const ScriptedRedis server{{"-NOAUTH Authentication required."}};
  Heard heard;
  RedisClient client{server.config(), "", {}, &heard};
  BOOST_TEST(!client.call({"PING"}));
  BOOST_REQUIRE(heard.refusals().size() == 1u);
  BOOST_TEST(heard.refusals()[0].starts_with("NOAUTH"));
}

BOOST_AUTO_TEST_CASE(only_a_connection_that_broke_counts_as_built_up_again) {
  RedisServer server;
  Heard heard;
  RedisClient client{server.config(), "", {}, &heard};
  const auto answers = [&] { return bool(client.call({"PING"})); };
  BOOST_REQUIRE(wait_until(answers, 20s));
  client.interrupt();
  BOOST_REQUIRE(wait_until(answers, 20s));
  BOOST_TEST(heard.reconnects == 0);
  BOOST_REQUIRE(bool(client.call({"QUIT"}))); // the server hangs up
  BOOST_REQUIRE(wait_until([&] { return !client.connected(); }, 20s));
  BOOST_REQUIRE(wait_until(answers, 20s));
  BOOST_TEST(heard.reconnects == 1);
  BOOST_TEST(heard.stale == 0);
}

BOOST_AUTO_TEST_CASE(a_connection_that_stays_silent_is_stale) {
  Heard heard;
  RedisClient client{shared_redis().config(), "", {}, &heard};
  BOOST_REQUIRE(bool(client.call({"PING"})));
  BOOST_TEST(!client.call({"BLPOP", "nothing comes here", "0"}, 20ms));
  BOOST_TEST(heard.stale == 1);
  BOOST_REQUIRE(bool(client.call({"PING"})));
  BOOST_TEST(heard.reconnects == 1);
}

BOOST_AUTO_TEST_SUITE_END()
