#include "tests/support/poller_fixture.hpp"

#include <string>
#include <vector>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace queue_poller_actor {

using Codes = std::vector<std::string>;

} // namespace queue_poller_actor

BOOST_FIXTURE_TEST_SUITE(queue_poller_actor, PollerFixture)

BOOST_AUTO_TEST_CASE(nothing_is_taken_that_was_not_asked_for) {
  add_waiting(3);
  run();
  BOOST_TEST(queue.takes.empty());
  want(2);
  BOOST_TEST(coordinator.count<JobTaken>() == 2u);
  BOOST_TEST(queue.waiting.size() == 1u);
  BOOST_TEST(queue.waits.empty());
}

BOOST_AUTO_TEST_CASE(an_empty_queue_is_waited_for_and_taken_from_when_it_wakes_us) {
  want(2);
  BOOST_REQUIRE(queue.waits.size() == 1u);
  BOOST_TEST(queue.waits[0].count() == 5000);
  add_waiting(1);
  queue.wake();
  run();
  BOOST_TEST(coordinator.count<JobTaken>() == 1u);
  BOOST_TEST(queue.waits.size() == 2u);
}

BOOST_AUTO_TEST_CASE(at_most_one_wait_is_under_way) {
  want(1);
  want(1);
  want(1);
  BOOST_TEST(queue.waits.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_wait_ends_when_the_next_delayed_job_is_due) {
  queue.next_delayed_in = 700ms;
  want(1);
  BOOST_TEST(queue.waits.at(0).count() == 700);
  queue.next_delayed_in = 0ms;
  queue.wake();
  run();
  BOOST_TEST(queue.waits.at(1).count() == 1);
}

BOOST_AUTO_TEST_CASE(large_demands_are_met_in_batches) {
  add_waiting(100);
  want(100);
  BOOST_TEST(coordinator.count<JobTaken>() == 100u);
  BOOST_TEST(queue.takes.front() == 32u);
}

BOOST_AUTO_TEST_CASE(takes_are_tried_again_with_growing_pauses_while_redis_is_away) {
  queue.failure = Error{Errc::redis_unavailable, "gone"};
  want(1);
  BOOST_TEST(queue.takes.size() == 1u);
  advance(100ms);
  BOOST_TEST(queue.takes.size() == 2u);
  advance(199ms);
  BOOST_TEST(queue.takes.size() == 2u);
  advance(1ms);
  BOOST_TEST(queue.takes.size() == 3u);
  queue.failure.reset();
  add_waiting(1);
  advance(400ms);
  BOOST_TEST(coordinator.count<JobTaken>() == 1u);
}

BOOST_AUTO_TEST_CASE(where_credentials_are_refused_takes_are_half_a_minute_apart) {
  queue.failure = Error{Errc::redis_denied, "NOPERM"};
  want(1);
  advance(30s - 1ms);
  BOOST_TEST(queue.takes.size() == 1u);
  advance(1ms);
  BOOST_TEST(queue.takes.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_redis_that_refuses_is_asked_every_five_seconds_at_least) {
  queue.failure = Error{Errc::redis_refused, "OOM"};
  want(1);
  for (int i = 0; i < 20; ++i) {
    const auto takes = queue.takes.size();
    advance(5s);
    BOOST_TEST(queue.takes.size() > takes);
  }
}

BOOST_AUTO_TEST_CASE(a_rate_limited_queue_is_left_alone_for_as_long_as_it_says) {
  queue.rate_limited_for = 800ms;
  want(1);
  BOOST_TEST(queue.waits.empty());
  queue.rate_limited_for.reset();
  add_waiting(1);
  advance(799ms);
  BOOST_TEST(coordinator.count<JobTaken>() == 0u);
  advance(1ms);
  BOOST_TEST(coordinator.count<JobTaken>() == 1u);
}

BOOST_AUTO_TEST_CASE(stopping_cuts_the_wait_and_takes_nothing_more) {
  want(1);
  send_as(coordinator.handle, poller, StopTaking{});
  BOOST_TEST(queue.stops == 1);
  BOOST_TEST(coordinator.count<TakingStopped>() == 1u);
  add_waiting(1);
  want(1);
  advance(60s);
  BOOST_TEST(coordinator.count<JobTaken>() == 0u);
}

BOOST_AUTO_TEST_CASE(a_take_under_way_is_delivered_before_the_stop_is_confirmed) {
  add_waiting(1);
  queue.hold_answers = true;
  want(1);
  send_as(coordinator.handle, poller, StopTaking{});
  BOOST_TEST(coordinator.count<TakingStopped>() == 0u);
  queue.release_answers();
  run();
  BOOST_TEST(coordinator.count<JobTaken>() == 1u);
  BOOST_TEST(coordinator.count<TakingStopped>() == 1u);
}

BOOST_AUTO_TEST_CASE(stalled_jobs_are_looked_for_at_the_start_and_in_every_interval) {
  queue.stalled.requeued = {"1"};
  run();
  BOOST_TEST(queue.stalled_checks == 1);
  advance(30s);
  BOOST_TEST(queue.stalled_checks == 2);
  BOOST_TEST(metrics.stalled.Value() == 2.0);
}

BOOST_AUTO_TEST_CASE(a_job_that_stalled_too_often_is_named) {
  queue.stalled.requeued = {"1"};
  queue.stalled.failed = {"2", "3"};
  run();
  BOOST_TEST(metrics.stalled.Value() == 3.0);
  BOOST_TEST(metrics.poisoned.Value() == 2.0);
  BOOST_TEST(failures("poison") == 2.0);
  BOOST_TEST(log.codes == (Codes{"job.stalled", "job.poison", "job.poison"}));
}

BOOST_AUTO_TEST_CASE(what_belongs_to_nothing_is_looked_for_in_every_interval_and_counted) {
  queue.reconciliation = {.jobs = 1, .finished_jobs = 2, .ledgers = 3, .locks = 4, .ghosts = 5};
  run(); // the interval begins when the actor does
  advance(60s - 1ms);
  BOOST_TEST(queue.reconciliations == 0);
  advance(1ms);
  BOOST_TEST(queue.reconciliations == 1);
  BOOST_TEST(reconciled.jobs.Value() == 1.0);
  BOOST_TEST(reconciled.finished_jobs.Value() == 2.0);
  BOOST_TEST(reconciled.ledgers.Value() == 3.0);
  BOOST_TEST(reconciled.locks.Value() == 4.0);
  BOOST_TEST(reconciled.ghosts.Value() == 5.0);
  BOOST_TEST(log.codes == Codes(5, "reconcile.found"));
  queue.reconciliation = {};
  advance(60s);
  BOOST_TEST(queue.reconciliations == 2);
  BOOST_TEST(reconciled.jobs.Value() == 1.0);
  BOOST_TEST(log.codes.size() == 5u);
}

BOOST_AUTO_TEST_CASE(the_next_look_is_an_interval_after_the_end_of_the_last) {
  run();
  queue.hold_answers = true;
  advance(60s);
  advance(10min);
  BOOST_TEST(queue.reconciliations == 1);
  queue.release_answers();
  run();
  advance(60s - 1ms);
  BOOST_TEST(queue.reconciliations == 1);
  advance(1ms);
  BOOST_TEST(queue.reconciliations == 2);
}

BOOST_AUTO_TEST_CASE(a_look_that_fails_is_told_once_and_followed_by_others) {
  run();
  queue.failure = Error{Errc::redis_refused, "no permission"};
  advance(60s);
  advance(60s);
  BOOST_TEST(queue.reconciliations == 2);
  BOOST_TEST(log.codes == Codes{"reconcile.failed"});
  queue.failure.reset();
  advance(60s);
  queue.failure = Error{Errc::redis_unavailable, "gone"};
  advance(60s);
  BOOST_TEST(log.codes.size() == 1u);
  queue.failure = Error{Errc::redis_refused, "no permission"};
  advance(60s);
  BOOST_TEST(log.codes == Codes(2, "reconcile.failed"));
}

BOOST_AUTO_TEST_CASE(a_queue_that_cannot_be_waited_for_is_asked_at_growing_pauses) {
  auto polling = deps();
  polling.pace.emplace(1s);
  poller = spawn(queue_poller, polling);
  want(2);
  for (const auto pause : {200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    const auto takes = queue.takes.size();
    advance(pause - 1ms);
    BOOST_TEST(queue.takes.size() == takes);
    advance(1ms);
    BOOST_TEST(queue.takes.size() == takes + 1);
  }
  BOOST_TEST(queue.waits.empty());
  add_waiting(1);
  advance(1s);
  BOOST_TEST(coordinator.count<JobTaken>() == 1u);
  const auto takes = queue.takes.size();
  advance(200ms); // work may follow work
  BOOST_TEST(queue.takes.size() == takes + 1);
}

BOOST_AUTO_TEST_CASE(a_pause_between_looks_ends_when_the_next_delayed_job_is_due) {
  auto polling = deps();
  polling.pace.emplace(60s);
  poller = spawn(queue_poller, polling);
  queue.next_delayed_in = 50ms;
  want(1);
  add_waiting(1);
  advance(50ms);
  BOOST_TEST(coordinator.count<JobTaken>() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
