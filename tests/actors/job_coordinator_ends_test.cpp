#include "tests/support/coordinator_fixture.hpp"

#include <caf/scoped_actor.hpp>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(job_coordinator_ends, CoordinatorFixture)

BOOST_AUTO_TEST_CASE(a_lost_lock_drops_the_job_without_another_write) {
  take(job("1"));
  send_as(keeper.handle, coordinator, LockLost{{"1", "t1"}});
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  BOOST_TEST(fetchers[0].count<AbandonPage>() == 1u);
  BOOST_TEST(poller.last<JobsWanted>().count == 1u);
  send_as(fetchers[0].handle, coordinator, PageFetched{"1", 0, SharedBody{"late"}});
  BOOST_TEST(normalizer.count<NormalizePage>() == 0u);
  BOOST_TEST(jobs.lock_lost.Value() == 1.0);
}

BOOST_AUTO_TEST_CASE(a_lost_lock_of_an_earlier_take_is_ignored) {
  take(job("1"));
  send_as(keeper.handle, coordinator, LockLost{{"1", "older"}});
  BOOST_TEST(fetchers[0].count<AbandonPage>() == 0u);
}

BOOST_AUTO_TEST_CASE(an_end_that_was_not_ours_frees_the_slot) {
  take(job("1"));
  serve("1", 0, page(0, 0));
  send_as(writer.handle, coordinator, CollectionStored{lock_of("1")});
  answer_end("1", {}, Error{Errc::lock_lost, "lock missing"});
  BOOST_TEST(poller.last<JobsWanted>().count == 1u);
  BOOST_TEST(log.codes.back() == "job.lock_lost");
  BOOST_TEST(jobs.orphans.Value() == 0.0);
}

BOOST_AUTO_TEST_CASE(a_collection_whose_job_was_gone_by_its_end_is_an_orphan) {
  double orphans = 0;
  for (const auto code : {Errc::job_missing, Errc::job_not_active}) {
    take(job("1"));
    serve("1", 0, page(0, 0));
    send_as(writer.handle, coordinator, CollectionStored{lock_of("1")});
    answer_end("1", {}, Error{code, "gone"});
    BOOST_TEST(log.codes.back() == "job.orphaned");
    BOOST_TEST(jobs.orphans.Value() == ++orphans);
  }
}

BOOST_AUTO_TEST_CASE(a_failure_whose_job_was_gone_left_nothing_behind) {
  take(job("1", "not a domain"));
  answer_end("1", {}, Error{Errc::job_missing, "gone"});
  BOOST_TEST(log.codes.back() == "job.lock_lost");
  BOOST_TEST(jobs.orphans.Value() == 0.0);
}

BOOST_AUTO_TEST_CASE(jobs_that_fail_for_good_are_counted_by_cause) {
  take(job("1", "not a domain"));
  BOOST_TEST(failures("bad_data") == 1.0);
  answer_end("1");
  auto doomed = job("2");
  doomed.refusal = "child bull:q:9 failed";
  doomed.refusal_reason = FailureReason::children;
  take(doomed);
  BOOST_TEST(failures("children") == 1.0);
  answer_end("2");
  doomed = job("3");
  doomed.refusal = "job stalled more than allowable limit";
  doomed.refusal_reason = FailureReason::poison;
  take(doomed);
  BOOST_TEST(failures("poison") == 1.0);
  BOOST_TEST(jobs.poisoned.Value() == 1.0);
  answer_end("3");
  take(job("4"));
  fail_page("4", 0, {Errc::api_unavailable, "down"}); // tries are left
  BOOST_TEST(failures("api") == 0.0);
  answer_end("4");
  take(job("5"));
  fail_page("5", 0, {Errc::legal_block, "451"});
  BOOST_TEST(failures("api") == 1.0);
}

BOOST_AUTO_TEST_CASE(a_dead_fetcher_fails_its_page_and_is_replaced) {
  take(job("1"));
  caf::anon_send_exit(fetchers[0].handle, caf::exit_reason::unhandled_exception);
  run();
  BOOST_REQUIRE(publisher.count<EndJob>() == 1u);
  BOOST_TEST((publisher.last<EndJob>().end.kind == JobEnd::Kind::retried_later));
  answer_end("1");
  take(job("2"));
  BOOST_TEST(fetchers.size() == 2u);
  BOOST_TEST(holder("2", 0));
}

// Whoever else has a handle of them does not keep them alive.
BOOST_AUTO_TEST_CASE(fetchers_busy_and_idle_end_with_their_coordinator) {
  take(job("1"));
  serve("1", 0, page(20, 10));
  take(job("2"));
  BOOST_REQUIRE(fetchers.size() == 2u);
  serve("2", 0, page(10, 10, "b"));
  caf::scoped_actor observer{system()};
  for (const auto& fetcher : fetchers)
    observer->monitor(fetcher.handle);
  caf::anon_send_exit(coordinator, caf::exit_reason::kill);
  run();
  std::size_t ended = 0;
  observer->receive_while([&] { return observer->has_next_message(); })(
    [&](const caf::down_msg&) { ++ended; });
  BOOST_TEST(ended == fetchers.size());
}

BOOST_AUTO_TEST_CASE(a_drain_lets_running_jobs_finish_and_then_reports) {
  take(job("1"));
  send_as(supervisor.handle, coordinator, Drain{20s});
  BOOST_TEST(poller.count<StopTaking>() == 1u);
  send_as(poller.handle, coordinator, TakingStopped{});
  BOOST_TEST(supervisor.count<Drained>() == 0u);
  serve("1", 0, page(0, 0));
  send_as(writer.handle, coordinator, CollectionStored{lock_of("1")});
  BOOST_TEST(!publisher.last<EndJob>().take_next);
  answer_end("1");
  hand_in();
  BOOST_REQUIRE(supervisor.count<Drained>() == 1u);
  BOOST_TEST(supervisor.last<Drained>().finished == 1u);
  BOOST_TEST(supervisor.last<Drained>().returned == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_not_finished_when_the_grace_is_over_goes_back_to_waiting) {
  take(job("1"));
  send_as(supervisor.handle, coordinator, Drain{20s});
  send_as(poller.handle, coordinator, TakingStopped{});
  advance(10s);
  BOOST_TEST(fetchers[0].count<AbandonPage>() == 1u);
  BOOST_TEST(publisher.count<ReleaseJob>() == 0u); // the page may be on the wire
  advance(10s);
  BOOST_REQUIRE(publisher.count<ReleaseJob>() == 1u);
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  answer_end("1");
  hand_in();
  BOOST_REQUIRE(supervisor.count<Drained>() == 1u);
  BOOST_TEST(supervisor.last<Drained>().returned == 1u);
  BOOST_TEST(supervisor.last<Drained>().left == 0u);
}

BOOST_AUTO_TEST_CASE(a_shutdown_does_not_wait_for_backoffs) {
  const auto delayed = [](const JobId& id) {
    return PageDelayed{id, 0, 8000ms, {Errc::api_throttled, "HTTP 403"}};
  };
  take(job("1"));
  take(job("2"));
  send_as(holder("1", 0)->handle, coordinator, delayed("1"));
  send_as(supervisor.handle, coordinator, Drain{20s});
  const auto give_back = [&](const JobId& id) {
    BOOST_REQUIRE(holder(id, 0)->count<AbandonPage>() == 1u);
    send_as(holder(id, 0)->handle, coordinator, PageAbandoned{id, 0});
  };
  give_back("1");
  BOOST_REQUIRE(publisher.count<ReleaseJob>() == 1u);
  BOOST_TEST(publisher.last<ReleaseJob>().lock.job_id == "1");
  send_as(holder("2", 0)->handle, coordinator, delayed("2"));
  give_back("2");
  BOOST_TEST(publisher.count<ReleaseJob>() == 2u);
}

BOOST_AUTO_TEST_CASE(pages_on_the_wire_are_kept_before_a_job_is_put_back) {
  keeps_pages = false;
  take(job("1"));
  serve("1", 0, page(100, 10));
  keep("1", 0);
  send_as(supervisor.handle, coordinator, Drain{20s});
  advance(10s);
  send_as(holder("1", 20)->handle, coordinator, PageAbandoned{"1", 20});
  send_as(holder("1", 30)->handle, coordinator, PageAbandoned{"1", 30});
  BOOST_TEST(publisher.count<ReleaseJob>() == 0u);
  serve("1", 10, page(100, 10, "a"));
  BOOST_TEST(publisher.count<ReleaseJob>() == 0u);
  keep("1", 10);
  BOOST_TEST(publisher.count<ReleaseJob>() == 1u);
  BOOST_TEST(publisher.count<KeepPage>() == 2u);
}

BOOST_AUTO_TEST_CASE(a_job_whose_last_page_comes_in_time_is_stored_all_the_same) {
  take(job("1"));
  send_as(supervisor.handle, coordinator, Drain{20s});
  advance(10s);
  serve("1", 0, page(3, 3));
  BOOST_TEST(writer.count<StoreCollection>() == 1u);
  BOOST_TEST(publisher.count<ReleaseJob>() == 0u);
}

BOOST_AUTO_TEST_CASE(a_job_taken_too_late_goes_back_and_is_waited_for) {
  send_as(supervisor.handle, coordinator, Drain{20s});
  take(job("1"));
  send_as(poller.handle, coordinator, TakingStopped{});
  BOOST_TEST(publisher.count<ReleaseJob>() == 1u);
  BOOST_TEST(supervisor.count<Drained>() == 0u);
  answer_end("1");
  hand_in();
  BOOST_TEST(supervisor.count<Drained>() == 1u);
}

BOOST_AUTO_TEST_CASE(a_queue_that_does_not_answer_cannot_hold_up_the_shutdown) {
  take(job("1"));
  send_as(supervisor.handle, coordinator, Drain{20s});
  send_as(poller.handle, coordinator, TakingStopped{});
  advance(20s);
  advance(3s);
  hand_in();
  BOOST_REQUIRE(supervisor.count<Drained>() == 1u);
  BOOST_TEST(supervisor.last<Drained>().left == 1u);
}

BOOST_AUTO_TEST_CASE(the_end_waits_for_permits_that_go_back_but_not_for_long) {
  CoordinatorFixture counting{[this](auto& deps) {
    deps.keys.front().count_governor = Recorder<RateGovernorActor>{*this}.handle;
  }};
  for (auto* each : {static_cast<CoordinatorFixture*>(this), &counting}) {
    each->send_as(each->supervisor.handle, each->coordinator, Drain{20s});
    each->send_as(each->poller.handle, each->coordinator, TakingStopped{});
    BOOST_TEST(each->governor.count<HandInPermits>() == 1u);
    BOOST_TEST(each->supervisor.count<Drained>() == 0u);
    each->hand_in();
  }
  BOOST_TEST(supervisor.count<Drained>() == 1u);
  BOOST_TEST(counting.supervisor.count<Drained>() == 0u); // the other governor is silent
  counting.advance(2s);
  BOOST_TEST(counting.supervisor.count<Drained>() == 1u);
  counting.hand_in();
  BOOST_TEST(counting.supervisor.count<Drained>() == 1u);
}

BOOST_AUTO_TEST_CASE(without_a_ledger_jobs_have_the_whole_grace) {
  CoordinatorFixture without{[](auto& deps) { deps.has_ledger = false; }};
  without.take(job("1"));
  without.send_as(without.supervisor.handle, without.coordinator, Drain{20s});
  without.advance(10s);
  BOOST_TEST(without.fetchers[0].count<AbandonPage>() == 0u);
  without.advance(10s);
  BOOST_TEST(without.publisher.count<ReleaseJob>() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
