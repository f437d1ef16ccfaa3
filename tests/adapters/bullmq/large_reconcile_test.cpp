#include "tests/adapters/bullmq/reconcile_fixture.hpp"

#include <algorithm>

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;

namespace large_reconcile {

struct Fixture : ReconcileFixture {
  /// Passes until a walk over all keys is over.
  Reconciliation walk(int jobs) {
    Reconciliation all;
    for (int met = 0; met < jobs + 1000; met += 4000) {
      const auto found = pass();
      all.jobs += found.jobs;
      all.ghosts += found.ghosts;
    }
    return all;
  }
  std::uint64_t count_members(const std::string& suffix) {
    return static_cast<std::uint64_t>(redis({"LLEN", key(suffix)}).integer);
  }
};

} // namespace large_reconcile

/// No pass blocks Redis for long, however long the queue is.
BOOST_FIXTURE_TEST_SUITE(large_reconcile, Fixture)

BOOST_AUTO_TEST_CASE(a_pass_over_200000_waiting_jobs_is_a_few_cheap_commands) {
  constexpr int many = 200000;
  add_many(many);
  redis({"CONFIG", "RESETSTAT"});
  pass();
  BOOST_TEST(calls("scan") == 10u);
  BOOST_TEST(calls("lpos") == 0u);
  BOOST_TEST(calls("lrange") <= 2 * calls("evalsha"));
  const auto scripts = calls("evalsha") + calls("eval");
  BOOST_TEST(scripts > 40u);
  BOOST_TEST(scripts <= 80u);
  redis({"CONFIG", "RESETSTAT"});
  pass(); // none was suspected
  BOOST_TEST(calls("lpos") == 0u);
  BOOST_TEST(count_members("wait") == many);
}

BOOST_AUTO_TEST_CASE(of_a_long_queue_those_come_back_whose_turn_it_was) {
  constexpr int many = 20000;
  add_many(many);
  put_job("older"); // than any that waits
  set("older", {"timestamp", "1600000000000"});
  put_job("younger");
  set("younger", {"timestamp", "1700000500000"});
  const auto found = walk(2 * many);
  BOOST_TEST(found.jobs == 1u);
  BOOST_TEST(count_members("wait") == many + 1u);
  BOOST_TEST(redis({"LINDEX", key("wait"), "0"}).text == "older");
  redis({"LTRIM", key("wait"), "0", "-1001"}); // a thousand are taken
  BOOST_TEST(walk(2 * many).jobs >= 1u);
  BOOST_TEST(redis({"LPOS", key("wait"), "younger"}).integer == 0);
}

/// Jobs of a retry go to the far end: they are older than the next one and wait all the same.
BOOST_AUTO_TEST_CASE(a_job_that_waits_at_the_far_end_is_not_put_there_twice) {
  constexpr int many = 5000;
  add_many(many);
  for (const auto* id : {"a", "b", "c"}) {
    put_job(id);
    set(id, {"timestamp", "1600000000000"});
    redis({"LPUSH", key("wait"), id});
  }
  BOOST_TEST(walk(2 * many).jobs == 0u);
  BOOST_TEST(count_members("wait") == many + 3u);
}

BOOST_AUTO_TEST_CASE(ids_without_a_job_leave_large_sets_in_several_passes) {
  constexpr int many = 3000;
  redis({"EVAL",
         "for i = 1, ARGV[1] do redis.call('ZADD', KEYS[1] .. 'completed', i, 'c' .. i) "
         "redis.call('ZADD', KEYS[1] .. 'delayed', 9e15, 'd' .. i) end",
         "1", key(""), std::to_string(many)});
  std::uint64_t dropped = 0, most = 0;
  for (int passes = 0; dropped < 2 * many && passes < 30; ++passes) {
    const auto ghosts = pass().ghosts;
    dropped += ghosts;
    most = std::max(most, ghosts);
  }
  BOOST_TEST(dropped == 2u * many);
  BOOST_TEST(most <= 1200u);
}

BOOST_AUTO_TEST_CASE(of_many_lost_jobs_each_comes_back_once) {
  constexpr int many = 2000;
  add_many(many);
  redis({"DEL", key("wait")});
  BOOST_TEST(two_passes().jobs == many);
  BOOST_TEST(count_members("wait") == many);
  BOOST_TEST(pass().jobs == 0u);
  BOOST_TEST(take(32).size() == 32u);
}

BOOST_AUTO_TEST_SUITE_END()
