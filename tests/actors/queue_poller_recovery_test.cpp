#include "tests/support/poller_fixture.hpp"

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
