#include "adapters/bullmq/bullmq_queue.hpp"
#include "adapters/bullmq/damage_log.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"
#include "tests/support/silent_log.hpp"

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;

namespace damage_log {

struct DamagedQueue : QueueFixture {
  SilentLog log;
  BullmqQueue jobs{shared_redis().config(), queue, "seed", log};

  std::size_t take_jobs(std::uint32_t count) {
    const auto taken =
      answer_of<TakeResult>([&](auto reply) { jobs.take(count, std::move(reply)); });
    BOOST_REQUIRE(bool(taken));
    return taken->jobs.size();
  }
  void look_for_stalled() {
    redis({"DEL", key("stalled-check")});
    BOOST_REQUIRE(
      bool(answer_of<StalledJobs>([&](auto reply) { jobs.recover_stalled(std::move(reply)); })));
  }
  std::uint64_t ghosts() {
    const auto found =
      answer_of<Reconciliation>([&](auto reply) { jobs.reconcile(std::move(reply)); });
    BOOST_REQUIRE(bool(found));
    return found->ghosts;
  }
};

} // namespace damage_log

BOOST_FIXTURE_TEST_SUITE(damage_log, DamagedQueue)

BOOST_AUTO_TEST_CASE(ids_without_a_job_are_counted_wherever_they_are_dropped) {
  redis({"LPUSH", key("wait"), "ghost-1", "0:marker"});
  redis({"ZADD", key("prioritized"), "1", "ghost-2"});
  redis({"ZADD", key("delayed"), "1", "ghost-3"});
  BOOST_TEST(take_jobs(10) == 0u);
  redis({"LPUSH", key("active"), "ghost-4"});
  look_for_stalled(); // marks
  look_for_stalled();
  BOOST_TEST(ghosts() == 4u);
  BOOST_TEST(ghosts() == 0u);
  BOOST_TEST(log.codes.empty()); // whoever asked tells of them
}

BOOST_AUTO_TEST_CASE(a_key_that_is_no_job_where_one_should_be_is_told_once) {
  redis({"SET", key("text"), "x"});
  for (const auto* id : {"text", "text"}) {
    redis({"LPUSH", key("wait"), id});
    BOOST_TEST(take_jobs(1) == 0u);
  }
  BOOST_TEST(log.codes == Texts{"queue.damaged"});
  BOOST_TEST(ghosts() == 2u);
  BOOST_TEST(exists("text")); // it is somebody's
}

BOOST_AUTO_TEST_CASE(what_a_job_s_way_passes_over_is_told_with_its_end) {
  for (const std::string spoilt : {"metrics:completed", "parent:dependencies"}) {
    SilentLog told;
    BullmqQueue others{shared_redis().config(), queue, "seed-" + spoilt, told};
    add_waiting("child", "{}");
    redis({"HSET", key("child"), "parentKey", key("parent")});
    redis({"HSET", key("parent"), "name", "p"});
    redis({"SET", key(spoilt), "x"});
    const auto taken = answer_of<TakeResult>([&](auto reply) { others.take(1, std::move(reply)); });
    BOOST_REQUIRE(taken->jobs.size() == 1u);
    BOOST_TEST(told.codes.empty());
    JobEnd end;
    end.kind = JobEnd::Kind::completed;
    const auto ended = answer_of<TakeResult>(
      [&](auto reply) { others.end(taken->jobs[0], end, false, std::move(reply)); });
    BOOST_TEST(bool(ended), spoilt);
    BOOST_TEST(told.codes == Texts{"queue.damaged"}, spoilt);
    redis({"DEL", key(spoilt), key("parent"), key("child")});
  }
}

BOOST_AUTO_TEST_CASE(options_that_are_no_object_are_told_once) {
  add_waiting("good", R"({"attempts":2})");
  add_waiting("without", "");
  BOOST_TEST(take_jobs(2) == 2u);
  BOOST_TEST(log.codes.empty());
  add_waiting("text", "{attempts:2");
  add_waiting("list", "[]");
  BOOST_TEST(take_jobs(2) == 2u);
  BOOST_TEST(log.codes == Texts{"queue.damaged"});
}

BOOST_AUTO_TEST_SUITE_END()
