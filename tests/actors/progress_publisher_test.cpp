#include "actors/progress_publisher.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/memory_queue.hpp"
#include "tests/support/recorder.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace {

Progress fetching(std::uint32_t page) {
  Progress progress;
  progress.status = ProgressStatus::fetching;
  progress.page = page;
  return progress;
}

struct Fakes {
  MemoryQueue queue;
};

struct Fixture : Fakes, DeterministicSystem {
  Recorder<JobCoordinatorActor> coordinator{*this};
  ProgressPublisherActor publisher = spawn(progress_publisher, &queue);
  JobLock lock{"7", "t"};

  void publish(std::uint32_t page) {
    send_as(coordinator.handle, publisher, PublishProgress{lock, fetching(page)});
  }
  void end(bool take_next = true) {
    TakenJob job;
    job.lock = lock;
    send_as(coordinator.handle, publisher, EndJob{job, JobEnd{}, take_next});
  }
};

} // namespace

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

BOOST_AUTO_TEST_CASE(log_rows_go_to_the_queue) {
  send_as(coordinator.handle, publisher, LogJob{lock, "a row"});
  BOOST_TEST(queue.logs == std::vector<std::string>{"a row"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
