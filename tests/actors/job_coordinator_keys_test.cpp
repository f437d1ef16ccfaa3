#include "tests/support/coordinator_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace job_coordinator_keys {

/// A worker with a second key, "other", for the tenant "acme".
struct Fixture : CoordinatorFixture {
  Fixture()
      : CoordinatorFixture([this](JobCoordinatorDeps& deps) {
          auto second = key("other", other_api);
          second.tenants = {"acme"};
          deps.keys.push_back(std::move(second));
        }) {}

  TakenJob tenant_job(std::string id) {
    auto made = job(std::move(id));
    made.tenant = "acme";
    return made;
  }

  static ApiAccount account_with(double credits) {
    ApiAccount account;
    account.credits_remaining = credits;
    return account;
  }

  double state_of(const std::string& key_name, const std::string& state) {
    for (const auto& family : registry.Collect())
      if (family.name == "gleaner_api_key_state")
        for (const auto& series : family.metric)
          if (series.label[0].value == key_name && series.label[1].value == state)
            return series.gauge.value;
    return -1;
  }
};

} // namespace job_coordinator_keys

BOOST_FIXTURE_TEST_SUITE(job_coordinator_keys, Fixture)

BOOST_AUTO_TEST_CASE(a_job_is_fetched_with_the_key_of_its_tenant) {
  take(tenant_job("1"));
  BOOST_TEST(holder("1", 0)->last<FetchPage>().key == "other");
  take(job("2"));
  BOOST_TEST(holder("2", 0)->last<FetchPage>().key == "default");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_fails_the_job_for_good) {
  auto wrong = job("1");
  wrong.key_name = "nobody's";
  take(wrong);
  BOOST_REQUIRE(publisher.count<EndJob>() == 1u);
  BOOST_TEST((publisher.last<EndJob>().end.kind == JobEnd::Kind::failed));
  BOOST_TEST(publisher.last<EndJob>().end.failed_reason.find("nobody's") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_key_without_credits_does_not_hold_up_the_jobs_of_another) {
  take(tenant_job("1"));
  fail_page("1", 0, {Errc::quota_exhausted, "HTTP 429"});
  BOOST_TEST(publisher.count<ReleaseJob>() == 1u);
  BOOST_TEST(poller.count<PauseTaking>() == 0u);
  BOOST_TEST(state_of("other", "exhausted") == 1.0);
  BOOST_TEST(state_of("default", "ok") == 1.0);
  answer_end("1");
  take(job("2"));
  BOOST_TEST(holder("2", 0) != nullptr);
  take(tenant_job("3"));
  BOOST_TEST(holder("3", 0) == nullptr);
  BOOST_REQUIRE(publisher.count<ReleaseJob>() == 2u);
  BOOST_TEST(publisher.last<ReleaseJob>().lock.job_id == "3");
}

BOOST_AUTO_TEST_CASE(taking_stops_when_no_key_is_left_and_goes_on_with_the_first_that_is_back) {
  take(tenant_job("1"));
  take(job("2"));
  fail_page("1", 0, {Errc::quota_exhausted, "HTTP 429"});
  fail_page("2", 0, {Errc::quota_exhausted, "HTTP 429"});
  BOOST_TEST(poller.count<PauseTaking>() == 1u);
  answer_end("1");
  answer_end("2");
  advance(1h);
  send_as(fetchers[0].handle, coordinator,
          AccountChecked{"other", SuspensionReason::quota, account_with(5), {}});
  BOOST_TEST(poller.count<ResumeTaking>() == 1u);
  BOOST_TEST(state_of("other", "ok") == 1.0);
  BOOST_TEST(state_of("default", "exhausted") == 1.0);
  BOOST_TEST(jobs.suspended(SuspensionReason::quota).Value() == 1.0);
}

BOOST_AUTO_TEST_CASE(a_job_whose_pages_are_all_in_the_ledger_needs_no_key) {
  take(tenant_job("1"));
  fail_page("1", 0, {Errc::quota_exhausted, "HTTP 429"});
  answer_end("1");
  auto resumed = tenant_job("2");
  resumed.ledger_pages = 1;
  take(resumed);
  send_as(publisher.handle, coordinator,
          LedgerRead{resumed.lock, Ledger{{{0, 10, "packed"}}, 1767225600000}, {}});
  send_as(normalizer.handle, coordinator, PageUnpacked{resumed.lock, 0, 10, page(3, 3)});
  BOOST_TEST(writer.count<StoreCollection>() == 1u);
  BOOST_TEST(other_api.saved_ledger.Value() == 1.0);
}

BOOST_AUTO_TEST_CASE(a_cap_parks_jobs_until_it_is_over_and_shows_the_true_wait) {
  take(job("1"));
  fail_page("1", 0, {Errc::quota_exhausted, "the cap of 50 credits a day is reached"}, 0, 7h);
  BOOST_TEST((publisher.last<PublishProgress>().progress.backoff == 7h));
  BOOST_TEST((publisher.last<ReleaseJob>().delay == 1h)); // another worker may have another cap
  answer_end("1");
  const auto probes = [&] {
    std::size_t all = 0;
    for (auto& fetcher : fetchers)
      for (const auto& check : fetcher.all<CheckAccount>())
        all += check.key == "default" && check.reason == SuspensionReason::quota;
    return all;
  };
  advance(6h);
  BOOST_TEST(probes() == 0u);
  advance(1h);
  BOOST_TEST(probes() == 1u);
}

BOOST_AUTO_TEST_CASE(a_cap_that_is_over_needs_no_account) {
  const Error unreadable{Errc::api_rejected, "HTTP 404"};
  const auto look = [&](std::optional<ApiAccount> account) {
    send_as(fetchers[0].handle, coordinator,
            AccountChecked{"default", SuspensionReason::quota, account,
                           account ? std::nullopt : std::optional{unreadable}});
    return state_of("default", "ok") == 1.0;
  };
  take(job("1"));
  fail_page("1", 0, {Errc::quota_exhausted, "the cap of 50 credits a day is reached"}, 0, 7h);
  answer_end("1");
  advance(7h);
  BOOST_TEST(look({}));
  take(job("2"));
  fail_page("2", 0, {Errc::quota_exhausted, "the cap of 50 credits a day is reached"}, 0, 7h);
  answer_end("2");
  BOOST_TEST(!look(account_with(0)));
  BOOST_TEST(!look({})); // the account said that there are none
  BOOST_TEST(look(account_with(5)));
}

BOOST_AUTO_TEST_CASE(a_look_in_between_replaces_the_one_that_was_planned) {
  const Error refusal{Errc::key_rejected, "HTTP 401"};
  take(tenant_job("1"));
  fail_page("1", 0, refusal);
  answer_end("1");
  std::size_t answered = 0;
  const auto refuse_again = [&] {
    std::size_t asked = 0;
    for (auto& fetcher : fetchers)
      for (const auto& check : fetcher.all<CheckAccount>())
        asked += check.key == "other" && check.reason == SuspensionReason::key;
    for (; answered < asked; ++answered)
      send_as(fetchers[0].handle, coordinator,
              AccountChecked{"other", SuspensionReason::key, {}, refusal});
    return asked;
  };
  advance(1min);
  send_as(supervisor.handle, coordinator, ProbeDue{SuspensionReason::key, "other"});
  BOOST_TEST(refuse_again() == 1u);
  for (int minutes = 0; minutes < 30; ++minutes) {
    advance(1min);
    refuse_again();
  }
  BOOST_TEST(answered == 1u + 30 / 5);
}

BOOST_AUTO_TEST_CASE(a_drained_key_is_tried_again_soon) {
  take(tenant_job("1"));
  fail_page("1", 0, {Errc::key_drained, "out of use"}, 0, 30s);
  BOOST_TEST(state_of("other", "drained") == 1.0);
  BOOST_TEST((publisher.last<ReleaseJob>().delay == 30s));
  answer_end("1");
  advance(30s);
  BOOST_TEST(state_of("other", "ok") == 1.0);
}

BOOST_AUTO_TEST_CASE(jobs_that_wait_for_a_closed_pace_make_room_for_those_of_another_key) {
  take(tenant_job("1"));
  take(tenant_job("2"));
  send_as(holder("1", 0)->handle, coordinator, PageWaits{"1", 0, 60s});
  give_back("1", 0);
  BOOST_REQUIRE(publisher.count<ReleaseJob>() == 2u);
  for (const auto& release : publisher.all<ReleaseJob>())
    BOOST_TEST((release.delay == 60s));
  BOOST_TEST((publisher.last<PublishProgress>().progress.status == ProgressStatus::rate_limited));
  BOOST_TEST((publisher.last<PublishProgress>().progress.backoff == 60s));
  BOOST_TEST(poller.count<PauseTaking>() == 0u);
  BOOST_TEST(jobs.suspended(SuspensionReason::pace).Value() == 1.0);
  BOOST_TEST(state_of("other", "ok") == 1.0);
  advance(20s);
  take(tenant_job("3"));
  BOOST_TEST((publisher.last<ReleaseJob>().delay == 40s));
  take(job("4"));
  BOOST_TEST(holder("4", 0) != nullptr);
  advance(40s);
  take(tenant_job("5"));
  BOOST_TEST(holder("5", 0) != nullptr);
}

BOOST_AUTO_TEST_CASE(a_job_that_was_told_to_wait_itself_keeps_its_tries) {
  take(tenant_job("1"));
  take(tenant_job("2"));
  send_as(holder("1", 0)->handle, coordinator,
          PageDelayed{"1", 0, 60s, {Errc::api_throttled, "HTTP 429"}});
  send_as(holder("1", 0)->handle, coordinator, PageWaits{"1", 0, 60s});
  BOOST_REQUIRE(publisher.count<ReleaseJob>() == 1u);
  BOOST_TEST(publisher.last<ReleaseJob>().lock.job_id == "2");
}

BOOST_AUTO_TEST_CASE(the_accounts_are_read_on_a_timer_and_the_budget_is_told) {
  advance(5min);
  std::size_t checks = 0;
  for (auto& fetcher : fetchers)
    checks += fetcher.count<CheckAccount>();
  BOOST_REQUIRE(checks == 2u);
  auto account = account_with(420.5);
  account.asked_at = now() - 5s;
  account.reset_date = "2099-01-31";
  send_as(fetchers[0].handle, coordinator, AccountChecked{"default", {}, account, {}});
  BOOST_REQUIRE(governor.count<AccountSeen>() == 1u);
  BOOST_TEST(governor.last<AccountSeen>().remaining.value_or(0) == 420.5);
  BOOST_TEST((governor.last<AccountSeen>().asked_at == account.asked_at));
  BOOST_TEST(governor.last<AccountSeen>().reset_date == "2099-01-31");
  send_as(fetchers[0].handle, coordinator, AccountChecked{"other", {}, account_with(0), {}});
  BOOST_TEST(state_of("other", "exhausted") == 1.0);
  send_as(fetchers[0].handle, coordinator, AccountChecked{"default", {}, ApiAccount{}, {}});
  BOOST_TEST(!governor.last<AccountSeen>().remaining);
  BOOST_TEST(governor.last<AccountSeen>().reset_date == "");
  const auto told = governor.count<AccountSeen>();
  send_as(fetchers[0].handle, coordinator,
          AccountChecked{"default", {}, {}, Error{Errc::api_unavailable, "HTTP 503"}});
  BOOST_TEST(governor.count<AccountSeen>() == told);
}

BOOST_AUTO_TEST_CASE(what_a_page_has_cost_is_told_to_the_budget) {
  take(job("1"));
  serve("1", 0, page(30, 10));
  BOOST_REQUIRE(governor.count<PageCharged>() == 1u);
  BOOST_TEST(governor.last<PageCharged>().contacts == 10u);
  BOOST_TEST(governor.last<PageCharged>().permit.at_ms == 1);
}

BOOST_AUTO_TEST_SUITE_END()
