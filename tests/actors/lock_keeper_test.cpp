#include "actors/lock_keeper.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/memory_queue.hpp"
#include "tests/support/recorder.hpp"
#include "tests/support/silent_log.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace lock_keeper_actor {

struct Fakes {
  MemoryQueue queue;
  SilentLog log;
  prometheus::Registry registry;
  JobMetrics metrics{registry, "q"};
};

struct Fixture : Fakes, DeterministicSystem {
  Recorder<JobCoordinatorActor> coordinator{*this};
  LockKeeperActor keeper = spawn(lock_keeper, LockKeeperDeps{&queue, &metrics, &log, 20s});

  void hold(const char* job, const char* token) {
    send_as(coordinator.handle, keeper, HoldLock{{job, token}, now()});
  }
  void hold_many(int count) {
    for (int i = 0; i < count; ++i)
      hold(std::to_string(i).c_str(), ("t" + std::to_string(i)).c_str());
  }
  /// Locks that were asked for in any call.
  std::size_t distinct_renewed() const {
    std::set<std::string> tokens;
    for (const auto& call : queue.renewals)
      for (const auto& lock : call)
        tokens.insert(lock.token);
    return tokens.size();
  }
};

} // namespace lock_keeper_actor

BOOST_FIXTURE_TEST_SUITE(lock_keeper_actor, Fixture)

BOOST_AUTO_TEST_CASE(all_locks_are_renewed_each_quarter_of_their_life) {
  hold("1", "t1");
  hold("2", "t2");
  advance(4999ms);
  BOOST_TEST(queue.renewals.empty());
  advance(1ms);
  BOOST_REQUIRE(queue.renewals.size() == 1u);
  BOOST_TEST(queue.renewals[0].size() == 2u);
  advance(5s);
  BOOST_TEST(queue.renewals.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_call_renews_so_many_locks_and_the_next_waits_for_its_answer) {
  hold_many(1200);
  queue.keeps_renewals_waiting = true;
  advance(5s);
  BOOST_REQUIRE(queue.renewals.size() == 1u);
  BOOST_TEST(queue.renewals[0].size() == LockKeeperState::most_per_call);
  advance(1s);
  BOOST_TEST(queue.renewals.size() == 1u);
  queue.keeps_renewals_waiting = false;
  queue.answer_renewal();
  run();
  BOOST_REQUIRE(queue.renewals.size() == 3u);
  BOOST_TEST(queue.renewals[2].size() == 200u);
  BOOST_TEST(distinct_renewed() == 1200u);
  BOOST_TEST(coordinator.count<LeasesRenewed>() == 3u);
  advance(3999ms); // the next round is a quarter after the begin of this one
  BOOST_TEST(queue.renewals.size() == 3u);
  advance(1ms);
  BOOST_TEST(queue.renewals.size() == 6u);
}

BOOST_AUTO_TEST_CASE(a_round_that_breaks_off_goes_on_where_it_stopped) {
  hold_many(1200);
  queue.keeps_renewals_waiting = true;
  advance(5s);
  queue.failure = Error{Errc::redis_unavailable, "gone"};
  queue.keeps_renewals_waiting = false;
  queue.answer_renewal();
  run(); // the second call fails
  BOOST_REQUIRE(queue.renewals.size() == 2u);
  const auto last_asked = queue.renewals[1].back().token;
  queue.failure.reset();
  queue.renewals.clear();
  advance(1s);
  BOOST_REQUIRE(queue.renewals.size() == 3u);
  BOOST_TEST(queue.renewals[0].front().token > last_asked);
  BOOST_TEST(distinct_renewed() == 1200u);
}

BOOST_AUTO_TEST_CASE(a_dropped_lock_is_not_renewed_and_without_locks_no_call_is_made) {
  hold("1", "t1");
  send_as(coordinator.handle, keeper, DropLock{{"1", "t1"}});
  advance(60s);
  BOOST_TEST(queue.renewals.empty());
  hold("2", "t2");
  advance(5s);
  BOOST_TEST(queue.renewals.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_lost_lock_is_reported_once_and_forgotten) {
  hold("1", "t1");
  hold("2", "t2");
  queue.lost_tokens = {"t1"};
  advance(5s);
  BOOST_REQUIRE(coordinator.count<LockLost>() == 1u);
  BOOST_TEST(coordinator.last<LockLost>().lock.token == "t1");
  advance(5s);
  BOOST_TEST(coordinator.count<LockLost>() == 1u);
  BOOST_TEST(queue.renewals.back().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_renewal_that_fails_is_made_again_and_loses_nothing) {
  hold("1", "t1");
  queue.failure = Error{Errc::redis_unavailable, "gone"};
  advance(5s);
  BOOST_TEST(coordinator.count<LockLost>() == 0u);
  queue.failure.reset();
  advance(1s);
  BOOST_TEST(queue.renewals.size() == 2u);
  advance(5s);
  BOOST_TEST(queue.renewals.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_renewal_confirms_the_lease_from_the_time_when_it_was_sent) {
  hold("1", "t1");
  advance(5s);
  BOOST_REQUIRE(coordinator.count<LeasesRenewed>() == 1u);
  BOOST_TEST((coordinator.last<LeasesRenewed>().valid_until == now() + 16s));
  for (int quarter = 0; quarter < 12; ++quarter)
    advance(5s);
  BOOST_TEST(coordinator.count<LeaseDoubtful>() == 0u);
}

BOOST_AUTO_TEST_CASE(a_lease_that_is_not_confirmed_becomes_doubtful_before_the_lock_runs_out) {
  hold("1", "t1");
  queue.failure = Error{Errc::redis_unavailable, "gone"};
  advance(15999ms);
  BOOST_TEST(coordinator.count<LeaseDoubtful>() == 0u);
  advance(1ms);
  BOOST_REQUIRE(coordinator.count<LeaseDoubtful>() == 1u);
  BOOST_TEST(coordinator.last<LeaseDoubtful>().lock.token == "t1");
  advance(60s);
  BOOST_TEST(coordinator.count<LeaseDoubtful>() == 1u);
  queue.failure.reset();
  advance(1s);
  BOOST_TEST(coordinator.count<LeasesRenewed>() == 1u);
}

BOOST_AUTO_TEST_CASE(the_queues_clock_is_reckoned_and_its_steps_are_counted) {
  hold("1", "t1");
  advance(5s);
  queue.now_ms += 5000;
  advance(5s);
  BOOST_TEST(metrics.clock_steps.Value() == 0.0);
  queue.now_ms += 3605000;
  advance(5s);
  BOOST_TEST(metrics.clock_steps.Value() == 1.0);
}

BOOST_AUTO_TEST_SUITE_END()
