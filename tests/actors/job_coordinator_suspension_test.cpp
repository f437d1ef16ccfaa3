#include "tests/support/coordinator_fixture.hpp"

#include <algorithm>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(job_coordinator_suspension, CoordinatorFixture)

BOOST_AUTO_TEST_CASE(a_full_disk_parks_the_job_and_stops_taking_until_it_is_mended) {
  take(job("1"));
  serve("1", 0, page(1, 1));
  send_as(writer.handle, coordinator,
          CollectionNotStored{lock_of("1"), {Errc::store_full, "no space"}, {}});
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  BOOST_REQUIRE(publisher.count<ReleaseJob>() == 1u);
  BOOST_TEST((publisher.last<ReleaseJob>().delay == 10s));
  BOOST_TEST(poller.count<PauseTaking>() == 1u);
  BOOST_TEST(paused_for == "store");
  BOOST_TEST(jobs.suspended(SuspensionReason::store).Value() == 1.0);
  answer_end("1");
  advance(10s);
  BOOST_REQUIRE(writer.count<ProbeStore>() == 1u);
  send_as(writer.handle, coordinator, StoreProbed{Error{Errc::store_full, "no space"}});
  BOOST_TEST(poller.count<ResumeTaking>() == 0u);
  advance(10s);
  BOOST_REQUIRE(writer.count<ProbeStore>() == 2u);
  send_as(writer.handle, coordinator, StoreProbed{});
  BOOST_TEST(poller.count<ResumeTaking>() == 1u);
  BOOST_TEST(paused_for.empty());
  BOOST_TEST(jobs.suspended(SuspensionReason::store).Value() == 0.0);
}

BOOST_AUTO_TEST_CASE(while_suspended_no_end_takes_a_next_job) {
  take(job("1"));
  take(job("2"));
  serve("1", 0, page(1, 1));
  serve("2", 0, page(1, 1));
  send_as(writer.handle, coordinator,
          CollectionNotStored{lock_of("1"), {Errc::store_io, "EIO"}, {}});
  send_as(writer.handle, coordinator, CollectionStored{lock_of("2")});
  BOOST_REQUIRE(publisher.count<EndJob>() == 1u);
  BOOST_TEST(!publisher.last<EndJob>().take_next);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_refused_puts_jobs_back_and_is_asked_about_again) {
  take(job("1"));
  fail_page("1", 0, {Errc::key_rejected, "HTTP 401"});
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  BOOST_REQUIRE(publisher.count<ReleaseJob>() == 1u);
  BOOST_TEST((publisher.last<ReleaseJob>().delay == 0s));
  BOOST_TEST(poller.count<PauseTaking>() == 1u);
  answer_end("1");
  const auto checks = [&] {
    std::size_t all = 0;
    for (auto& fetcher : fetchers)
      all += fetcher.count<CheckAccount>();
    return all;
  };
  advance(299s);
  BOOST_TEST(checks() == 0u);
  advance(1s);
  BOOST_REQUIRE(checks() == 1u);
  send_as(
    fetchers[0].handle, coordinator,
    AccountChecked{"default", SuspensionReason::key, {}, Error{Errc::key_rejected, "HTTP 401"}});
  BOOST_TEST(poller.count<ResumeTaking>() == 0u);
  advance(300s);
  BOOST_REQUIRE(checks() == 2u);
  send_as(fetchers[0].handle, coordinator,
          AccountChecked{"default", SuspensionReason::key, {}, {}});
  BOOST_TEST(poller.count<ResumeTaking>() == 1u);
}

BOOST_AUTO_TEST_CASE(a_restricted_account_and_an_edge_block_stop_the_key_as_well) {
  for (const auto code : {Errc::account_restricted, Errc::api_blocked}) {
    const auto parked = publisher.count<ReleaseJob>();
    take(job("1"));
    fail_page("1", 0, {code, "refused"});
    BOOST_TEST(publisher.count<EndJob>() == 0u);
    BOOST_TEST(publisher.count<ReleaseJob>() == parked + 1);
    BOOST_TEST(jobs.suspended(SuspensionReason::key).Value() == 1.0);
    answer_end("1");
    const auto look = [&](std::optional<Error> error) {
      send_as(supervisor.handle, coordinator,
              AccountChecked{"default", SuspensionReason::key, {}, std::move(error)});
      return jobs.suspended(SuspensionReason::key).Value();
    };
    BOOST_TEST(look(Error{code, "refused"}) == 1.0);
    BOOST_TEST(look({}) == 0.0);
  }
  BOOST_TEST(log.codes.front() == "auth.account_restricted");
  BOOST_TEST(std::count(log.codes.begin(), log.codes.end(), "api.blocked") == 1);
}

BOOST_AUTO_TEST_CASE(without_credits_jobs_are_parked_and_the_account_is_read_every_hour) {
  take(job("1"));
  fail_page("1", 0, {Errc::quota_exhausted, "HTTP 429"});
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  BOOST_REQUIRE(publisher.count<ReleaseJob>() == 1u);
  BOOST_TEST((publisher.last<ReleaseJob>().delay == 1h));
  BOOST_TEST((publisher.last<PublishProgress>().progress.backoff == 1h));
  BOOST_TEST(poller.count<PauseTaking>() == 1u);
  BOOST_TEST(jobs.suspended(SuspensionReason::quota).Value() == 1.0);
  answer_end("1");
  const auto answer = [&](double credits) {
    ApiAccount account;
    account.credits_remaining = credits;
    send_as(fetchers[0].handle, coordinator,
            AccountChecked{"default", SuspensionReason::quota, account, {}});
  };
  BOOST_REQUIRE(checks_of_accounts() == 1u); // at once, to be seen; it ends nothing
  ApiAccount account;
  account.credits_remaining = 3;
  send_as(fetchers[0].handle, coordinator, AccountChecked{"default", {}, account, {}});
  BOOST_TEST(poller.count<ResumeTaking>() == 0u);
  advance(1h);
  BOOST_REQUIRE(checks_of_accounts() == 2u);
  answer(0);
  BOOST_TEST(poller.count<ResumeTaking>() == 0u);
  advance(1h);
  BOOST_REQUIRE(checks_of_accounts() == 3u);
  send_as(fetchers[0].handle, coordinator,
          AccountChecked{
            "default", SuspensionReason::quota, {}, Error{Errc::api_unavailable, "HTTP 503"}});
  BOOST_TEST(poller.count<ResumeTaking>() == 0u);
  advance(1h);
  answer(0.5);
  BOOST_TEST(poller.count<ResumeTaking>() == 1u);
}

BOOST_AUTO_TEST_CASE(once_one_page_finds_no_credits_no_other_is_sent) {
  take(job("1"));
  take(job("2"));
  serve("2", 0, page(50, 10)); // pages 2 and 3 go out, 4 and 5 wait for a fetcher
  fail_page("1", 0, {Errc::quota_exhausted, "HTTP 429"});
  BOOST_TEST(holder("2", 10)->count<AbandonPage>() == 1u);
  BOOST_TEST(holder("2", 20)->count<AbandonPage>() == 1u);
  BOOST_TEST(holder("2", 30) == nullptr);
  BOOST_TEST((publisher.last<PublishProgress>().progress.backoff == 1h));
  give_back("2", 10);
  BOOST_TEST(publisher.count<ReleaseJob>() == 1u);
  serve("2", 20, page(50, 10, "q")); // was on the wire and is paid for
  BOOST_REQUIRE(publisher.count<ReleaseJob>() == 2u);
  BOOST_TEST(publisher.last<ReleaseJob>().lock.job_id == "2");
  BOOST_TEST((publisher.last<ReleaseJob>().delay == 1h));
  BOOST_TEST(holder("2", 30) == nullptr);
}

BOOST_AUTO_TEST_CASE(after_a_look_at_the_account_one_page_goes_first) {
  take(job("1"));
  fail_page("1", 0, {Errc::quota_exhausted, "HTTP 429"});
  answer_end("1");
  send_as(supervisor.handle, coordinator,
          AccountChecked{"default", SuspensionReason::quota, ApiAccount{}, {}});
  take(job("2"));
  take(job("3"));
  BOOST_TEST(holder("2", 0) != nullptr);
  BOOST_TEST(holder("3", 0) == nullptr);
  serve("2", 0, page(0, 0)); // costs nothing and tells nothing
  BOOST_REQUIRE(holder("3", 0) != nullptr);
  take(job("4"));
  BOOST_TEST(holder("4", 0) == nullptr);
  serve("3", 0, page(30, 10));
  BOOST_TEST(holder("4", 0) != nullptr);
  BOOST_TEST(holder("3", 10) != nullptr);
}

BOOST_AUTO_TEST_CASE(a_useless_rest_of_credits_costs_one_request_for_each_look) {
  take(job("1"));
  fail_page("1", 0, {Errc::quota_exhausted, "HTTP 429"});
  answer_end("1");
  send_as(supervisor.handle, coordinator,
          AccountChecked{"default", SuspensionReason::quota, ApiAccount{}, {}});
  take(job("2"));
  take(job("3"));
  fail_page("2", 0, {Errc::quota_exhausted, "HTTP 429"});
  BOOST_TEST(holder("3", 0) == nullptr);
  BOOST_TEST(publisher.count<ReleaseJob>() == 3u);
}

BOOST_AUTO_TEST_CASE(an_account_that_only_seems_empty_is_found_out_by_the_next_job) {
  take(job("1"));
  fail_page("1", 0, {Errc::quota_exhausted, "HTTP 429"});
  answer_end("1");
  advance(1h);
  ApiAccount account;
  account.credits_remaining = 0;
  account.remaining_is_estimate = true;
  send_as(fetchers[0].handle, coordinator,
          AccountChecked{"default", SuspensionReason::quota, account, {}});
  BOOST_TEST(poller.count<ResumeTaking>() == 1u);
}

BOOST_AUTO_TEST_CASE(jobs_that_wait_for_a_closed_pace_show_the_true_wait_once) {
  const auto waits = [&](const JobId& id, std::chrono::milliseconds wait) {
    send_as(holder(id, 0)->handle, coordinator, PageWaits{id, 0, wait});
  };
  const auto shown = [&] {
    const auto& last = publisher.last<PublishProgress>().progress;
    return last.status == ProgressStatus::rate_limited ? last.backoff : 0ms;
  };
  take(job("1"));
  take(job("2"));
  waits("1", 30s);
  BOOST_TEST(publisher.count<PublishProgress>() == 4u); // `starting` of each before
  BOOST_TEST((shown() == 30s));
  waits("2", 30s);
  BOOST_TEST(publisher.count<PublishProgress>() == 4u);
  advance(6s);
  take(job("3"));
  BOOST_TEST((shown() == 24s));
  BOOST_TEST(holder("3", 0) != nullptr);
  waits("3", 24s);
  BOOST_TEST(publisher.count<PublishProgress>() == 6u);
  BOOST_TEST(publisher.count<ReleaseJob>() == 0u);
  advance(24s);
  take(job("4"));
  BOOST_TEST((publisher.last<PublishProgress>().progress.status == ProgressStatus::starting));
}

BOOST_AUTO_TEST_CASE(a_job_that_backed_off_shows_the_wait_for_a_closed_pace_after_that) {
  take(job("1"));
  take(job("2"));
  const auto wait = [&](const JobId& id, std::chrono::milliseconds how_long) {
    send_as(holder(id, 0)->handle, coordinator, PageWaits{id, 0, how_long});
    const auto& last = publisher.last<PublishProgress>();
    BOOST_TEST(last.lock.job_id == id);
    BOOST_TEST((last.progress.backoff == how_long));
  };
  send_as(holder("2", 0)->handle, coordinator, PageDelayed{"2", 0, 1s, {}});
  wait("1", 60s);
  advance(1s);
  wait("2", 59s);
}

BOOST_AUTO_TEST_CASE(all_reasons_must_be_gone_before_jobs_are_taken_again) {
  take(job("1"));
  take(job("2"));
  serve("1", 0, page(1, 1));
  send_as(writer.handle, coordinator,
          CollectionNotStored{lock_of("1"), {Errc::store_full, ""}, {}});
  fail_page("2", 0, {Errc::key_rejected, "HTTP 401"});
  advance(10s);
  send_as(writer.handle, coordinator, StoreProbed{});
  BOOST_TEST(poller.count<ResumeTaking>() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
