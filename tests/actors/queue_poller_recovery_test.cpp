#include "tests/support/poller_fixture.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(queue_poller_recovery, PollerFixture)

BOOST_AUTO_TEST_CASE(nothing_is_taken_while_taking_is_paused) {
  send_as(coordinator.handle, poller, PauseTaking{});
  want(2);
  BOOST_TEST(queue.takes.empty());
  send_as(coordinator.handle, poller, ResumeTaking{});
  BOOST_TEST(queue.takes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_pause_breaks_a_wait_off_and_a_resume_takes_again) {
  want(1);
  BOOST_REQUIRE(queue.waits.size() == 1u);
  send_as(coordinator.handle, poller, PauseTaking{});
  BOOST_TEST(queue.stops == 1);
  BOOST_TEST(queue.takes.size() == 1u);
  send_as(coordinator.handle, poller, ResumeTaking{});
  BOOST_TEST(queue.takes.size() == 2u);
}

BOOST_AUTO_TEST_CASE(
  waits_that_break_while_takes_succeed_are_told_once_and_made_at_growing_pauses) {
  want(1);
  const auto break_wait = [this] {
    std::exchange(queue.waiter, nullptr)(Error{Errc::redis_unavailable, "gone"});
    run();
  };
  for (const auto pause : {100ms, 200ms, 400ms}) {
    break_wait();
    advance(pause - 1ms);
    BOOST_TEST(!queue.waiter);
    advance(1ms);
    BOOST_REQUIRE(queue.waiter);
  }
  BOOST_TEST(log.codes == std::vector<std::string>{"redis.lost"}, boost::test_tools::per_element());
  queue.wake();
  run();
  BOOST_TEST(log.codes.back() == "redis.back");
}

BOOST_AUTO_TEST_CASE(jobs_of_this_nodes_earlier_processes_are_looked_for_until_the_queue_answers) {
  run();
  BOOST_TEST(queue.own_recoveries == 1);
  advance(30s);
  BOOST_TEST(queue.own_recoveries == 1);
  queue.failure = Error{Errc::redis_unavailable, "gone"};
  poller = spawn(queue_poller, deps());
  run();
  BOOST_TEST(queue.own_recoveries == 2);
  queue.failure.reset();
  queue.own.requeued = {"1", "2"};
  advance(30s);
  BOOST_TEST(queue.own_recoveries == 3);
  BOOST_TEST(metrics.stalled.Value() == 2.0);
  advance(30s);
  BOOST_TEST(queue.own_recoveries == 3);
}

BOOST_AUTO_TEST_SUITE_END()
