#include "adapters/redis/redis_client.hpp"
#include "tests/support/redis_fixture.hpp"
#include "tests/support/wait_until.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <string>

using namespace gleaner;
using namespace gleaner::redis;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace redis_deadline {

struct Fixture {
  RedisClient client{shared_redis().config(), ""};
};

} // namespace redis_deadline

BOOST_FIXTURE_TEST_SUITE(redis_deadline, Fixture)

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_come_in_time_drops_the_connection) {
  const auto got = client.call({"BLPOP", "never", "0"}, 50ms);
  BOOST_REQUIRE(!bool(got));
  BOOST_TEST((got.error().code == Errc::redis_unavailable));
  BOOST_TEST(wait_until([this] { return bool(client.call({"PING"})); }, 20s));
}

BOOST_AUTO_TEST_CASE(answers_that_come_slowly_drop_no_connection) {
  std::atomic<int> answers{0};
  constexpr int commands = 10;
  constexpr auto each = 100ms, deadline = 500ms; // all together take twice as long
  const std::string pause = std::to_string(std::chrono::duration<double>(each).count());
  std::promise<void> all;
  for (int i = 0; i < commands; ++i)
    client.submit(
      {"BLPOP", "never", pause},
      [&](const Result<RedisValue>& value) {
        BOOST_TEST(bool(value));
        if (++answers == commands)
          all.set_value();
      },
      deadline);
  all.get_future().get();
}

BOOST_AUTO_TEST_SUITE_END()
