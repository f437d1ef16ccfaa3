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

using namespace job_coordinator_waits;

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

BOOST_AUTO_TEST_SUITE_END()
