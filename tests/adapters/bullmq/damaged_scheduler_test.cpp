#include "adapters/bullmq/bullmq_queue.hpp"
#include "tests/adapters/bullmq/damages.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"
#include "tests/support/silent_log.hpp"

#include <algorithm>

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;

namespace damaged_scheduler {

/// What somebody did to the scheduler "s" or to its job "repeat:s:1000", which is due.
const std::vector<Damage>& damages() {
  static const std::string job = "@repeat:s:1000";
  static const std::vector<Damage> all{
    {"its record is gone", {{"DEL", "@repeat:s"}}},
    {"its record is a text", {{"DEL", "@repeat:s"}, {"SET", "@repeat:s", "x"}}},
    {"its record has other fields", {{"DEL", "@repeat:s"}, {"HSET", "@repeat:s", "x", "y"}}},
    {"its numbers are words", {{"HSET", "@repeat:s", "every", "x", "offset", "y", "ic", "z"}}},
    {"its period is negative", {{"HSET", "@repeat:s", "every", "-1000"}}},
    {"its numbers are absurd",
     {{"HSET", "@repeat:s", "every", "9223372036854775807", "offset", "-9223372036854775808", "ic",
       "1e300"}}},
    {"its time is never", {{"ZADD", "@repeat", "inf", "s"}}},
    {"its time was before all times", {{"ZADD", "@repeat", "-inf", "s"}}},
    {"its time is absurd", {{"ZADD", "@repeat", "1e300", "s"}}},
    {"its set is a text", {{"DEL", "@repeat"}, {"SET", "@repeat", "x"}}},
    {"its job's options are no JSON", {{"HSET", job, "opts", "{"}}},
    {"its job's options are a list", {{"HSET", job, "opts", "[1]"}}},
    {"its job does not repeat", {{"HSET", job, "opts", "{}"}}},
    {"its job repeats in other words", {{"HSET", job, "opts", R"({"repeat":"daily"})"}}},
    {"its job's pattern is none",
     {{"HDEL", "@repeat:s", "every"},
      {"HSET", job, "opts", R"({"repeat":{"pattern":7,"tz":[],"limit":"x"}})"}}},
    {"its job's dates are absurd",
     {{"HDEL", "@repeat:s", "every"},
      {"HSET", job, "opts",
       R"({"prevMillis":1e300,"repeat":{"pattern":"* * * * *","startDate":1e300,"count":-1e300}})"}}},
  };
  return all;
}

struct Fixture : QueueFixture {
  SilentLog log;
  BullmqQueue jobs{shared_redis().config(), queue, "seed", log};

  void begin(const Damage& damage) {
    redis({"FLUSHALL"});
    redis({"ZADD", key("repeat"), "1000", "s"});
    redis({"HSET", key("repeat:s"), "name", "x", "every", "60000", "ic", "1"});
    add_waiting("repeat:s:1000", R"({"repeat":{"every":60000,"count":1}})");
    redis({"HSET", key("repeat:s:1000"), "rjk", "s"});
    for (auto command : damage.commands) {
      for (auto& word : command)
        if (word.starts_with('@'))
          word = key(word.substr(1));
      redis(command);
    }
    add_waiting("good");
  }

  Texts take_and_complete() {
    Texts ended;
    auto taken = answer_of<TakeResult>([&](auto reply) { jobs.take(10, std::move(reply)); });
    BOOST_REQUIRE(bool(taken));
    for (const auto& job : taken->jobs) {
      JobEnd how;
      how.kind = JobEnd::Kind::completed;
      BOOST_TEST(bool(
        answer_of<TakeResult>([&](auto reply) { jobs.end(job, how, false, std::move(reply)); })));
      ended.push_back(job.lock.job_id);
    }
    return ended;
  }
};

} // namespace damaged_scheduler

BOOST_FIXTURE_TEST_SUITE(damaged_scheduler, Fixture)

BOOST_AUTO_TEST_CASE(a_damaged_scheduler_is_told_at_most_once_and_its_job_runs) {
  for (const auto& damage : damages())
    BOOST_TEST_CONTEXT(damage.name) {
      begin(damage);
      BOOST_TEST(take_and_complete() == (Texts{"repeat:s:1000", "good"}));
      BOOST_TEST(members("completed").size() == 2u);
      BOOST_TEST(take_and_complete().empty()); // no job comes after itself at once
    }
  BOOST_TEST(std::count(log.codes.begin(), log.codes.end(), "scheduler.stuck") == 1);
  BOOST_TEST(std::count(log.codes.begin(), log.codes.end(), "queue.damaged") ==
             1); // its job's options
  BOOST_TEST(log.codes.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
