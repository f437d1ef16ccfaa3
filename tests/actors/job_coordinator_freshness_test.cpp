#include "core/iso_time.hpp"
#include "tests/support/coordinator_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace job_coordinator_freshness {

struct Fixture : CoordinatorFixture {
  Fixture() : CoordinatorFixture([](JobCoordinatorDeps& deps) { deps.fresh_for = 24h; }) {}

  CollectionInfo collected(std::chrono::milliseconds ago, std::string truncated = {}) const {
    CollectionInfo info;
    info.domain = "acme.test";
    info.collected_at = iso_time(wall_clock_ms - ago.count());
    info.items = 25;
    info.rows = 30;
    info.total = 30;
    info.truncated = std::move(truncated);
    return info;
  }
  void find(const std::string& id, std::optional<CollectionInfo> stored) {
    BOOST_REQUIRE(writer.count<FindCollection>() > 0);
    send_as(writer.handle, coordinator, CollectionFound{{id, "t" + id}, std::move(stored)});
  }
  void claim(const std::string& id, DomainClaim claim) {
    BOOST_REQUIRE(publisher.count<ClaimDomain>() > 0);
    send_as(publisher.handle, coordinator, DomainClaimed{{id, "t" + id}, claim});
  }
};

} // namespace job_coordinator_freshness

BOOST_FIXTURE_TEST_SUITE(job_coordinator_freshness, Fixture)

BOOST_AUTO_TEST_CASE(a_recent_collection_is_returned_without_a_request_and_says_so) {
  take(job("1"));
  BOOST_TEST(holder("1", 0) == nullptr);
  find("1", collected(23h));
  BOOST_REQUIRE(publisher.count<EndJob>() == 1u);
  const auto end = publisher.last<EndJob>().end;
  BOOST_TEST((end.kind == JobEnd::Kind::completed));
  BOOST_TEST(end.result.fresh);
  BOOST_TEST(end.result.items_collected == 25u);
  BOOST_TEST(end.result.collected_at == iso_time(wall_clock_ms - 23 * 3600000));
  BOOST_TEST(end.progress->fresh);
  BOOST_TEST(api.saved_fresh.Value() == 3.0);
  BOOST_TEST(api.requests_saved_by_fresh.Value() == 3.0);
  BOOST_TEST(writer.count<StoreCollection>() == 0u);
}

BOOST_AUTO_TEST_CASE(an_old_one_is_made_again_by_whoever_has_the_domain) {
  take(job("1"));
  find("1", collected(24h));
  BOOST_TEST(holder("1", 0) == nullptr);
  claim("1", DomainClaim::first);
  BOOST_TEST(holder("1", 0) != nullptr);
}

BOOST_AUTO_TEST_CASE(while_another_job_collects_the_domain_a_job_waits_and_looks_again) {
  take(job("1"));
  find("1", std::nullopt);
  claim("1", DomainClaim::busy);
  BOOST_TEST(holder("1", 0) == nullptr);
  advance(1s);
  BOOST_REQUIRE(writer.count<FindCollection>() == 2u);
  find("1", collected(0h));
  BOOST_REQUIRE(publisher.count<EndJob>() == 1u);
  BOOST_TEST(publisher.last<EndJob>().end.result.fresh);
}

BOOST_AUTO_TEST_CASE(who_comes_after_another_job_looks_once_more_before_it_asks) {
  take(job("1"));
  find("1", std::nullopt);
  claim("1", DomainClaim::next);
  BOOST_TEST(holder("1", 0) == nullptr);
  BOOST_REQUIRE(writer.count<FindCollection>() == 2u);
  find("1", std::nullopt);
  BOOST_TEST(publisher.count<ClaimDomain>() == 1u);
  BOOST_TEST(holder("1", 0) != nullptr);
}

BOOST_AUTO_TEST_CASE(what_ended_early_or_was_cut_by_a_lower_limit_is_made_again) {
  take(job("1"));
  find("1", collected(1h, "ended_early"));
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  take(job("2"));
  find("2", collected(1h, "max_collect")); // of 30 rows, too few for 1000
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  take(job("3"));
  auto large = collected(1h, "max_collect");
  large.rows = 1000;
  find("3", large);
  BOOST_TEST(publisher.count<EndJob>() == 1u);
  take(job("4"));
  find("4", collected(1h, "short_pages")); // they would be as short
  BOOST_TEST(publisher.count<EndJob>() == 2u);
}

BOOST_AUTO_TEST_CASE(what_the_plan_of_another_key_has_cut_is_made_again) {
  auto cut = collected(1h, "plan_cap");
  cut.rows = 5;
  take(job("1"));
  find("1", cut);
  claim("1", DomainClaim::first);
  BOOST_REQUIRE(holder("1", 0) != nullptr);
  take(job("2"));
  fail_page("1", 0, {Errc::api_rejected, "capped"}, 5); // nor can this key have more
  find("2", cut);
  BOOST_REQUIRE(publisher.count<EndJob>() == 1u);
  BOOST_TEST(publisher.last<EndJob>().end.result.fresh);
}

BOOST_AUTO_TEST_CASE(a_job_that_wants_it_anew_or_has_paid_for_pages_does_not_look) {
  auto anew = job("1");
  anew.refresh = true;
  take(anew);
  BOOST_TEST(holder("1", 0) != nullptr);
  auto resumed = job("2");
  resumed.ledger_pages = 1;
  take(resumed);
  BOOST_TEST(publisher.count<ReadLedger>() == 1u);
  BOOST_TEST(writer.count<FindCollection>() == 0u);
}

BOOST_AUTO_TEST_CASE(a_date_that_can_not_be_read_is_no_recent_one) {
  take(job("1"));
  auto odd = collected(1h);
  odd.collected_at = "yesterday";
  find("1", odd);
  BOOST_TEST(publisher.count<EndJob>() == 0u);
}

BOOST_AUTO_TEST_CASE(a_job_whose_lock_is_in_doubt_waits_with_what_it_found) {
  take(job("1"));
  send_as(keeper.handle, coordinator, LeaseDoubtful{{"1", "t1"}});
  find("1", collected(1h));
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  send_as(keeper.handle, coordinator, LeasesRenewed{{{"1", "t1"}}, now() + 1h});
  BOOST_TEST(holder("1", 0) == nullptr);
  advance(1s);
  find("1", collected(1h));
  BOOST_TEST(publisher.count<EndJob>() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
