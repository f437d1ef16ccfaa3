#include "tests/support/coordinator_fixture.hpp"

#include <algorithm>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(job_coordinator_actor, CoordinatorFixture)

BOOST_AUTO_TEST_CASE(as_many_jobs_are_wanted_as_there_are_slots) {
  BOOST_REQUIRE(poller.count<JobsWanted>() == 1u);
  BOOST_TEST(poller.last<JobsWanted>().count == 2u);
}

BOOST_AUTO_TEST_CASE(a_job_goes_from_take_to_end_and_its_slot_is_wanted_again) {
  take(job("1"));
  BOOST_TEST(keeper.count<HoldLock>() == 1u);
  serve("1", 0, page(15, 10));
  serve("1", 10, page(15, 5, "q"));
  BOOST_REQUIRE(writer.count<StoreCollection>() == 1u);
  BOOST_TEST(writer.last<StoreCollection>().collection.items.size() == 15u);
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  send_as(writer.handle, coordinator, CollectionStored{lock_of("1")});
  BOOST_REQUIRE(publisher.count<EndJob>() == 1u);
  BOOST_REQUIRE(publisher.count<KeepPage>() == 2u);
  BOOST_TEST(publisher.last<KeepPage>().page.packed == "packed");
  BOOST_TEST(publisher.last<KeepPage>().page.limit == 10u);
  const auto& told = publisher.last<KeepPage>().progress;
  BOOST_REQUIRE(told.size() == 2u);
  BOOST_TEST((told[0].status == ProgressStatus::fetching));
  BOOST_TEST((told[1].status == ProgressStatus::normalizing));
  BOOST_TEST(told[1].collected == 15u);
  const auto& end = publisher.last<EndJob>();
  BOOST_TEST((end.end.kind == JobEnd::Kind::completed));
  BOOST_TEST(end.end.result.items_collected == 15u);
  BOOST_TEST(end.end.result.collected_at == "2026-01-01T00:00:00.000Z");
  BOOST_TEST(end.take_next);
  BOOST_TEST((statuses() == std::vector{ProgressStatus::starting}));
  answer_end("1");
  BOOST_TEST(keeper.count<DropLock>() == 1u);
  BOOST_TEST(poller.last<JobsWanted>().count == 1u);
  BOOST_TEST(jobs.completed.Value() == 1.0);
}

BOOST_AUTO_TEST_CASE(a_start_that_the_take_has_shown_is_not_told_again) {
  auto shown = job("1");
  shown.start_shown = true;
  take(std::move(shown));
  BOOST_TEST(statuses().empty());
}

BOOST_AUTO_TEST_CASE(the_job_taken_with_the_end_fills_the_slot) {
  take(job("1"));
  serve("1", 0, page(0, 0));
  send_as(writer.handle, coordinator, CollectionStored{lock_of("1")});
  TakeResult next;
  next.jobs = {job("2")};
  answer_end("1", next);
  BOOST_TEST(holder("2", 0));
  BOOST_TEST(poller.count<JobsWanted>() == 1u);
}

BOOST_AUTO_TEST_CASE(pages_of_a_job_are_fetched_side_by_side_and_fetchers_are_bounded) {
  take(job("1"));
  BOOST_TEST(fetchers.size() == 1u);
  serve("1", 0, page(100, 10));
  BOOST_TEST(fetchers.size() == 3u);
  BOOST_TEST(holder("1", 10));
  BOOST_TEST(holder("1", 20));
  BOOST_TEST(holder("1", 30));
  BOOST_TEST(!holder("1", 40));
  serve("1", 20, page(100, 10, "r"));
  BOOST_TEST(holder("1", 40));
}

BOOST_AUTO_TEST_CASE(more_pages_are_fetched_when_nodes_have_joined) {
  take(job("1"));
  serve("1", 0, page(100, 10));
  BOOST_TEST(!holder("1", 40));
  send_as(supervisor.handle, coordinator, FetchersAllowed{5});
  BOOST_TEST(holder("1", 40));
  take(job("2"));
  BOOST_TEST(holder("2", 0));
  send_as(supervisor.handle, coordinator, FetchersAllowed{4}); // one has gone
  serve("1", 40, page(100, 10, "r"));
  BOOST_TEST(!holder("1", 50));
  serve("1", 10, page(100, 10, "s"));
  BOOST_TEST(holder("1", 50));
}

BOOST_AUTO_TEST_CASE(idle_fetchers_leave_down_to_the_minimum) {
  take(job("1"));
  serve("1", 0, page(40, 10));
  serve("1", 10, page(40, 10, "a"));
  serve("1", 20, page(40, 10, "b"));
  serve("1", 30, page(40, 10, "c"));
  BOOST_TEST(fetchers.size() == 3u);
  for (int review = 1; review <= 3; ++review) {
    advance(10s);
    BOOST_TEST(heartbeats == review);
  }
  take(job("2"));
  serve("2", 0, page(40, 10));
  BOOST_TEST(fetchers.size() == 5u); // two had left
}

BOOST_AUTO_TEST_CASE(a_step_of_this_machines_clock_is_counted) {
  wall_clock_ms += 10000;
  advance(10s);
  BOOST_TEST(jobs.clock_steps.Value() == 0.0);
  wall_clock_ms -= 3590000;
  advance(10s);
  BOOST_TEST(jobs.clock_steps.Value() == 1.0);
}

BOOST_AUTO_TEST_CASE(a_step_right_after_the_start_is_counted_too) {
  wall_clock_ms += 3600000;
  advance(10s);
  BOOST_TEST(jobs.clock_steps.Value() == 1.0);
}

BOOST_AUTO_TEST_CASE(a_refused_job_fails_without_a_request) {
  auto bad = job("1");
  bad.refusal = "data is not JSON";
  take(bad);
  BOOST_REQUIRE(publisher.count<EndJob>() == 1u);
  BOOST_TEST((publisher.last<EndJob>().end.kind == JobEnd::Kind::failed));
  BOOST_TEST(publisher.last<EndJob>().end.failed_reason == "data is not JSON");
  BOOST_TEST(fetchers.empty());
}

BOOST_AUTO_TEST_CASE(a_domain_that_is_none_fails_without_a_request) {
  take(job("1", "../../etc/passwd"));
  BOOST_REQUIRE(publisher.count<EndJob>() == 1u);
  BOOST_TEST((publisher.last<EndJob>().end.kind == JobEnd::Kind::failed));
  BOOST_TEST(fetchers.empty());
}

BOOST_AUTO_TEST_CASE(a_page_that_cannot_be_had_fails_the_try_and_stores_nothing) {
  take(job("1"));
  serve("1", 0, page(40, 10));
  fail_page("1", 10, {Errc::api_unavailable, "HTTP 500 (after 6 tries)"});
  BOOST_REQUIRE(publisher.count<EndJob>() == 1u);
  BOOST_TEST((publisher.last<EndJob>().end.kind == JobEnd::Kind::retried_later));
  BOOST_TEST(publisher.last<EndJob>().end.failed_reason == "HTTP 500 (after 6 tries)");
  BOOST_TEST(writer.count<StoreCollection>() == 0u);
  const auto abandoned = std::count_if(fetchers.begin(), fetchers.end(), [](auto& fetcher) {
    return fetcher.template count<AbandonPage>() > 0;
  });
  BOOST_TEST(abandoned == 2); // offsets 20 and 30
}

BOOST_AUTO_TEST_CASE(nothing_is_stored_before_every_page_is_kept) {
  keeps_pages = false;
  take(job("1"));
  serve("1", 0, page(15, 10));
  serve("1", 10, page(15, 5, "q"));
  keep("1", 10);
  BOOST_TEST(writer.count<StoreCollection>() == 0u);
  keep("1", 0);
  BOOST_TEST(writer.count<StoreCollection>() == 1u);
}

BOOST_AUTO_TEST_CASE(a_throttled_page_shows_rate_limited_progress) {
  take(job("1"));
  send_as(holder("1", 0)->handle, coordinator,
          PageDelayed{"1", 0, 4000ms, {Errc::api_throttled, "HTTP 403"}});
  const auto& progress = publisher.last<PublishProgress>().progress;
  BOOST_TEST((progress.status == ProgressStatus::rate_limited));
  BOOST_TEST(progress.backoff.count() == 4000);
  BOOST_TEST(progress.page == 1u);
}

BOOST_AUTO_TEST_CASE(an_unreadable_page_is_fetched_once_more_and_then_fails_the_try) {
  take(job("1"));
  const auto unreadable = [&] {
    send_as(holder("1", 0)->handle, coordinator, PageFetched{"1", 0, SharedBody{"<html>"}});
    send_as(normalizer.handle, coordinator,
            PageUnreadable{lock_of("1"), 0, {Errc::body_malformed, "not JSON"}});
  };
  unreadable();
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  unreadable();
  BOOST_REQUIRE(publisher.count<EndJob>() == 1u);
  BOOST_TEST(publisher.last<EndJob>().end.failed_reason == "not JSON");
}

BOOST_AUTO_TEST_CASE(a_learned_plan_cap_holds_for_the_jobs_that_follow) {
  take(job("1"));
  fail_page("1", 0, {Errc::api_rejected, "capped"}, 5);
  BOOST_TEST(holder("1", 0)->last<FetchPage>().request.limit == 5u);
  serve("1", 0, page(81, 5));
  BOOST_TEST(writer.last<StoreCollection>().collection.metadata.truncated == "plan_cap");
  take(job("2"));
  BOOST_TEST(holder("2", 0)->last<FetchPage>().request.limit == 5u);
}

BOOST_AUTO_TEST_CASE(a_plan_cap_goes_with_its_key) {
  take(job("1"));
  fail_page("1", 0, {Errc::api_rejected, "capped"}, 5);
  serve("1", 0, page(81, 5));
  send_as(supervisor.handle, coordinator, KeyReplaced{"default"});
  take(job("2"));
  BOOST_TEST(holder("2", 0)->last<FetchPage>().request.limit == 10u);
}

BOOST_AUTO_TEST_SUITE_END()
