#include "adapters/bullmq/queue_events.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace queue_events {

struct Listening : QueueFixture {
  redis::RedisClient listener{shared_redis().config(), ""};

  void emit(const std::string& name, const std::string& id) {
    redis({"XADD", key("events"), "*", "event", name, "jobId", id, "data", "7"});
  }
};

} // namespace queue_events

BOOST_FIXTURE_TEST_SUITE(queue_events, Listening)

BOOST_AUTO_TEST_CASE(what_happens_after_the_start_is_seen_and_nothing_before) {
  emit("added", "1");
  QueueEvents events{listener, {"bull", "q"}};
  emit("progress", "2");
  emit("completed", "2");
  redis({"XADD", key("events"), "*", "event", "drained"});
  const auto seen = events.next(10s);
  BOOST_REQUIRE(bool(seen));
  BOOST_REQUIRE(seen->size() == 3u);
  BOOST_TEST(seen->at(0).name == "progress");
  BOOST_TEST(seen->at(0).job_id == "2");
  BOOST_TEST(seen->at(0).fields.at("data") == "7");
  BOOST_TEST(seen->at(1).name == "completed");
  BOOST_TEST(seen->at(2).name == "drained");
  BOOST_TEST(seen->at(2).job_id.empty());
}

BOOST_AUTO_TEST_CASE(an_event_between_two_calls_is_not_missed) {
  QueueEvents events{listener, {"bull", "q"}}; // of a queue without any event yet
  emit("added", "1");
  BOOST_TEST(events.next(10s)->size() == 1u);
  emit("added", "2");
  const auto second = events.next(10s);
  BOOST_REQUIRE(second->size() == 1u);
  BOOST_TEST(second->at(0).job_id == "2");
}

BOOST_AUTO_TEST_CASE(a_waiting_call_ends_with_the_event) {
  QueueEvents events{listener, {"bull", "q"}};
  auto seen = std::async(std::launch::async, [&] { return events.next(10s); });
  emit("added", "1");
  BOOST_TEST(seen.get()->size() == 1u);
}

BOOST_AUTO_TEST_CASE(silence_is_an_empty_answer) {
  QueueEvents events{listener, {"bull", "q"}};
  BOOST_TEST(events.next(1ms)->empty());
}

BOOST_AUTO_TEST_CASE(after_a_broken_connection_nothing_is_missed) {
  QueueEvents events{listener, {"bull", "q"}};
  emit("added", "1");
  BOOST_TEST(events.next(10s)->size() == 1u);
  auto cut = std::async(std::launch::async, [&] { return events.next(10s); });
  await_blocked();
  redis({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
  BOOST_TEST(!bool(cut.get()));
  emit("added", "2");
  auto again = events.next(10s);
  while (!again)
    again = events.next(10s);
  BOOST_REQUIRE(again->size() == 1u);
  BOOST_TEST(again->at(0).job_id == "2");
}

BOOST_AUTO_TEST_SUITE_END()
