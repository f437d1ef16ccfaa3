#include "actors/progress_publisher.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/memory_queue.hpp"
#include "tests/support/recorder.hpp"
#include "tests/support/silent_log.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace progress_publisher_actor {

Progress fetching(std::uint32_t page) {
  Progress progress;
  progress.status = ProgressStatus::fetching;
  progress.page = page;
  return progress;
}

struct Fakes {
  MemoryQueue queue;
  SilentLog log;
  prometheus::Registry registry;
  JobMetrics metrics{registry, "q"};
};

struct Fixture : Fakes, DeterministicSystem {
  Recorder<JobCoordinatorActor> coordinator{*this};
  ProgressPublisherActor publisher =
    spawn(progress_publisher, ProgressPublisherDeps{&queue, &metrics, &log});
  JobLock lock{"7", "t"};

  void publish(std::uint32_t page) {
    send_as(coordinator.handle, publisher, PublishProgress{lock, fetching(page)});
  }
  void keep(std::uint32_t page) {
    send_as(coordinator.handle, publisher,
            KeepPage{lock, "identity", {100, 100, "bytes"}, {fetching(page)}});
  }
  void end(bool take_next = true) {
    TakenJob job;
    job.lock = lock;
    send_as(coordinator.handle, publisher, EndJob{job, JobEnd{}, take_next});
  }
};

} // namespace progress_publisher_actor

BOOST_FIXTURE_TEST_SUITE(progress_publisher_actor, Fixture)

BOOST_AUTO_TEST_CASE(every_progress_is_written_in_order_and_before_the_end) {
  queue.hold_answers = true;
  for (std::uint32_t page = 1; page <= 3; ++page)
    publish(page);
  end();
  BOOST_REQUIRE(queue.progresses.size() == 3u);
  BOOST_TEST(queue.progresses[2].page == 3u);
  BOOST_TEST(queue.ends.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_end_is_answered_with_the_job_that_was_taken_in_the_same_step) {
  TakenJob next;
  next.lock = {"8", "t8"};
  queue.waiting.push_back(next);
  end();
  BOOST_REQUIRE(coordinator.count<JobEnded>() == 1u);
  const auto& ended = coordinator.last<JobEnded>();
  BOOST_REQUIRE(ended.next.jobs.size() == 1u);
  BOOST_TEST(ended.next.jobs[0].lock.job_id == "8");
  BOOST_TEST(!ended.error);
}

BOOST_AUTO_TEST_CASE(an_end_is_tried_until_redis_can_be_reached) {
  queue.failure = Error{Errc::redis_unavailable, "gone"};
  end();
  BOOST_TEST(coordinator.count<JobEnded>() == 0u);
  advance(100ms);
  BOOST_TEST(queue.ends.size() == 2u);
  queue.failure.reset();
  advance(200ms);
  BOOST_TEST(queue.ends.size() == 3u);
  BOOST_TEST(coordinator.count<JobEnded>() == 1u);
}

BOOST_AUTO_TEST_CASE(an_end_that_is_no_longer_ours_is_reported_as_such) {
  queue.failure = Error{Errc::lock_lost, "lock missing"};
  end();
  BOOST_REQUIRE(coordinator.count<JobEnded>() == 1u);
  BOOST_REQUIRE(coordinator.last<JobEnded>().error);
  BOOST_TEST((coordinator.last<JobEnded>().error->code == Errc::lock_lost));
}

BOOST_AUTO_TEST_CASE(a_released_job_is_answered_like_an_ended_one) {
  send_as(coordinator.handle, publisher, ReleaseJob{lock});
  BOOST_TEST(queue.releases.size() == 1u);
  BOOST_TEST(coordinator.count<JobEnded>() == 1u);
}

BOOST_AUTO_TEST_CASE(an_end_whose_answer_was_lost_is_looked_up_and_not_reported_as_a_failure) {
  queue.failure = Error{Errc::redis_unavailable, "cut"};
  end();
  queue.failure = Error{Errc::lock_lost, "the job's lock is gone"};
  queue.ended = true;
  advance(100ms);
  BOOST_TEST(queue.look_ups == 1);
  BOOST_REQUIRE(coordinator.count<JobEnded>() == 1u);
  BOOST_TEST(!coordinator.last<JobEnded>().error);
}

BOOST_AUTO_TEST_CASE(an_end_that_another_worker_prevented_is_reported_after_the_look_up) {
  queue.failure = Error{Errc::redis_unavailable, "cut"};
  end();
  queue.failure = Error{Errc::lock_lost, "the job's lock is gone"};
  advance(100ms);
  BOOST_REQUIRE(coordinator.count<JobEnded>() == 1u);
  BOOST_REQUIRE(coordinator.last<JobEnded>().error);
  BOOST_TEST((coordinator.last<JobEnded>().error->code == Errc::lock_lost));
}

BOOST_AUTO_TEST_CASE(a_page_is_kept_with_its_progress_and_answered) {
  keep(1);
  BOOST_REQUIRE(queue.checkpoints.size() == 1u);
  BOOST_TEST(queue.checkpoints[0].page.packed == "bytes");
  BOOST_REQUIRE(queue.checkpoints[0].progress.size() == 1u);
  BOOST_TEST(queue.checkpoints[0].progress[0].page == 1u);
  BOOST_REQUIRE(coordinator.count<PageKept>() == 1u);
  BOOST_TEST(coordinator.last<PageKept>().offset == 100u);
  BOOST_TEST(coordinator.last<PageKept>().at_ms == queue.now_ms);
}

BOOST_AUTO_TEST_CASE(a_page_is_tried_until_redis_takes_it_and_shows_no_old_progress_then) {
  queue.failure = Error{Errc::redis_refused, "OOM"};
  keep(1);
  BOOST_TEST(coordinator.count<PageKept>() == 0u);
  queue.failure.reset();
  advance(100ms);
  BOOST_REQUIRE(queue.checkpoints.size() == 2u);
  BOOST_TEST(queue.checkpoints[1].progress.empty());
  BOOST_TEST(coordinator.count<PageKept>() == 1u);
}

BOOST_AUTO_TEST_CASE(credentials_that_are_refused_are_not_tried_often) {
  queue.failure = Error{Errc::redis_denied, "NOPERM"};
  keep(1);
  advance(29s);
  BOOST_TEST(queue.checkpoints.size() == 1u);
  advance(1s);
  BOOST_TEST(queue.checkpoints.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_page_of_a_job_that_is_no_longer_ours_is_reported) {
  queue.failure = Error{Errc::lock_lost, "another worker"};
  keep(1);
  BOOST_REQUIRE(coordinator.count<PageKept>() == 1u);
  BOOST_TEST(coordinator.last<PageKept>().error.has_value());
}

BOOST_AUTO_TEST_CASE(a_ledger_is_read_and_tried_again_while_redis_is_away) {
  queue.ledger = {{{0, 100, "one"}}, 7};
  queue.failure = Error{Errc::redis_unavailable, "gone"};
  send_as(coordinator.handle, publisher, ReadLedger{lock, "identity"});
  BOOST_TEST(coordinator.count<LedgerRead>() == 0u);
  queue.failure.reset();
  advance(100ms);
  BOOST_REQUIRE(coordinator.count<LedgerRead>() == 1u);
  BOOST_TEST(coordinator.last<LedgerRead>().ledger.pages.size() == 1u);
  BOOST_TEST(coordinator.last<LedgerRead>().ledger.at_ms == 7);
}

BOOST_AUTO_TEST_CASE(log_rows_go_to_the_queue) {
  send_as(coordinator.handle, publisher, LogJob{lock, "a row"});
  BOOST_TEST(queue.logs == std::vector<std::string>{"a row"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(progress_that_redis_does_not_take_is_counted_and_told_once_a_minute) {
  queue.failure = Error{Errc::redis_unavailable, "gone"};
  for (std::uint32_t page = 1; page <= 3; ++page)
    publish(page);
  BOOST_TEST(metrics.progress_dropped.Value() == 3.0);
  BOOST_TEST(log.codes == std::vector<std::string>{"progress.dropped"});
  advance(60s);
  publish(4);
  BOOST_TEST(log.codes.size() == 2u);
  queue.failure = Error{Errc::lock_lost, "another worker"}; // whose progress is none of ours
  publish(5);
  BOOST_TEST(metrics.progress_dropped.Value() == 4.0);
}

BOOST_AUTO_TEST_CASE(a_page_that_is_kept_late_has_dropped_its_progress_once) {
  queue.failure = Error{Errc::redis_refused, "OOM"};
  keep(1);
  advance(100ms);
  advance(200ms);
  BOOST_TEST(metrics.progress_dropped.Value() == 1.0);
}

BOOST_AUTO_TEST_SUITE_END()
