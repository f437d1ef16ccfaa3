#include "tests/support/coordinator_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace job_coordinator_waits {

/// A worker with a second key that nobody uses.
struct TwoKeys : CoordinatorFixture {
  TwoKeys()
      : CoordinatorFixture(
          [this](JobCoordinatorDeps& deps) { deps.keys.push_back(key("other", other_api)); }) {}
};

} // namespace job_coordinator_waits

/// Waits that the API causes, by what is published of them and who keeps its slot.
BOOST_AUTO_TEST_SUITE(job_coordinator_waits)

BOOST_FIXTURE_TEST_CASE(who_waits_for_an_api_in_trouble_says_so_and_keeps_its_slot, TwoKeys) {
  take(job("1"));
  take(job("2"));
  send_as(holder("1", 0)->handle, coordinator, PageWaits{"1", 0, 20s, true});
  BOOST_TEST(publisher.count<ReleaseJob>() == 0u);
  BOOST_TEST(jobs.suspended(SuspensionReason::pace).Value() == 0.0);
  BOOST_TEST(publisher.count<PublishProgress>() == 4u); // `starting` of each before
  BOOST_TEST((publisher.last<PublishProgress>().progress.backoff == 20s));
}

BOOST_FIXTURE_TEST_CASE(a_long_backoff_shows_whatever_its_cause, CoordinatorFixture) {
  take(job("1"));
  const auto delayed = [&](std::chrono::milliseconds wait) {
    send_as(holder("1", 0)->handle, coordinator,
            PageDelayed{"1", 0, wait, {Errc::api_unavailable, "HTTP 503"}});
    return publisher.last<PublishProgress>().progress;
  };
  BOOST_TEST((delayed(4s).status == ProgressStatus::starting));
  BOOST_TEST((delayed(60s).status == ProgressStatus::rate_limited));
  BOOST_TEST((delayed(60s).backoff == 60s));
}

BOOST_FIXTURE_TEST_CASE(nobody_waits_for_long_in_a_slot, CoordinatorFixture) {
  take(job("1"));
  take(job("2"));
  send_as(holder("1", 0)->handle, coordinator,
          PageDelayed{"1", 0, 600s, {Errc::api_throttled, "HTTP 429"}});
  BOOST_TEST(paused_for == "pace");
  BOOST_TEST(poller.count<PauseTaking>() == 1u);
  BOOST_TEST((publisher.last<PublishProgress>().progress.backoff == 600s));
  give_back("1", 0);
  give_back("2", 0);
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  BOOST_REQUIRE(publisher.count<ReleaseJob>() == 2u);
  for (const auto& release : publisher.all<ReleaseJob>())
    BOOST_TEST((release.delay == 600s));
  advance(600s);
  BOOST_TEST(paused_for.empty());
}

BOOST_FIXTURE_TEST_CASE(a_pace_that_others_know_to_be_closed_for_long_puts_back_too,
                        CoordinatorFixture) {
  take(job("1"));
  send_as(holder("1", 0)->handle, coordinator, PageWaits{"1", 0, 121s});
  give_back("1", 0);
  BOOST_TEST(publisher.count<ReleaseJob>() == 1u);
  BOOST_TEST(paused_for == "pace");
}

BOOST_AUTO_TEST_CASE(without_a_ledger_a_job_waits_in_its_slot) {
  CoordinatorFixture without{[](auto& deps) { deps.has_ledger = false; }};
  without.take(job("1"));
  without.send_as(without.holder("1", 0)->handle, without.coordinator,
                  PageDelayed{"1", 0, 600s, {Errc::api_throttled, "HTTP 429"}});
  without.send_as(without.holder("1", 0)->handle, without.coordinator, PageWaits{"1", 0, 600s});
  BOOST_TEST(without.fetchers[0].count<AbandonPage>() == 0u);
  BOOST_TEST(without.paused_for.empty());
}

BOOST_AUTO_TEST_SUITE_END()
