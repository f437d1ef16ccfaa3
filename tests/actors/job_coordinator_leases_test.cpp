#include "tests/support/coordinator_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace job_coordinator_leases {

struct Fixture : CoordinatorFixture {
  TakenJob job_with_ledger(std::uint32_t pages) {
    auto made = job("1");
    made.ledger_pages = pages;
    return made;
  }

  void answer_ledger(std::vector<LedgerPage> pages, std::optional<Error> error = {}) {
    send_as(publisher.handle, coordinator,
            LedgerRead{{"1", "t1"}, {std::move(pages), 1767225600000}, std::move(error)});
  }

  void unpacked(std::uint32_t offset, std::optional<NormalizedPage> unpacked_page) {
    send_as(normalizer.handle, coordinator,
            PageUnpacked{{"1", "t1"}, offset, 10, std::move(unpacked_page)});
  }

  void renew_lease(std::chrono::seconds more) {
    send_as(keeper.handle, coordinator, LeasesRenewed{{{"1", "t1"}}, now() + more});
  }
};

/// As after a flush of Redis, when ids begin anew.
struct SameIdAgain : CoordinatorFixture {
  SameIdAgain() {
    take(job("1", "old.test"));
    old_fetcher = &fetchers[0];
    auto later = job("1", "new.test");
    later.lock.token = "later";
    take(later);
  }
  Recorder<HunterFetcherActor>* old_fetcher;
};

} // namespace job_coordinator_leases

BOOST_FIXTURE_TEST_SUITE(job_coordinator_leases, Fixture)

BOOST_AUTO_TEST_CASE(a_whole_ledger_is_stored_without_a_request) {
  take(job_with_ledger(2));
  BOOST_REQUIRE(publisher.count<ReadLedger>() == 1u);
  BOOST_TEST(fetchers.empty());
  answer_ledger({{0, 10, "one"}, {10, 10, "two"}});
  BOOST_REQUIRE(normalizer.count<UnpackPage>() == 2u);
  unpacked(10, page(15, 5, "q"));
  BOOST_TEST(writer.count<StoreCollection>() == 0u);
  unpacked(0, page(15, 10));
  BOOST_REQUIRE(writer.count<StoreCollection>() == 1u);
  BOOST_TEST(writer.last<StoreCollection>().collection.items.size() == 15u);
  BOOST_TEST(writer.last<StoreCollection>().collection.collected_at == "2026-01-01T00:00:00.000Z");
  BOOST_TEST(fetchers.empty());
  BOOST_TEST(jobs.resumed.Value() == 1.0);
  BOOST_TEST(contacts.pages_replayed.Value() == 2.0);
}

BOOST_AUTO_TEST_CASE(only_what_the_ledger_lacks_is_fetched) {
  take(job_with_ledger(2));
  answer_ledger({{0, 10, "one"}, {10, 10, "damaged"}});
  unpacked(0, page(25, 10));
  unpacked(10, std::nullopt);
  BOOST_TEST(holder("1", 10));
  BOOST_TEST(holder("1", 20));
  BOOST_TEST(!holder("1", 0));
}

BOOST_AUTO_TEST_CASE(a_ledger_of_another_job_means_that_all_is_fetched) {
  take(job_with_ledger(2));
  answer_ledger({});
  BOOST_TEST(holder("1", 0));
  BOOST_TEST(jobs.resumed.Value() == 0.0);
}

BOOST_AUTO_TEST_CASE(a_ledger_that_is_no_longer_ours_to_read_drops_the_job) {
  take(job_with_ledger(2));
  BOOST_TEST(jobs.active.Value() == 1.0);
  answer_ledger({}, Error{Errc::lock_lost, "gone"});
  BOOST_TEST(jobs.active.Value() == 0.0);
  BOOST_TEST(keeper.count<DropLock>() == 1u);
  BOOST_TEST(poller.last<JobsWanted>().count == 1u);
}

BOOST_AUTO_TEST_CASE(a_page_that_is_no_longer_ours_to_keep_drops_the_job) {
  keeps_pages = false;
  take(job("1"));
  serve("1", 0, page(40, 10));
  keep("1", 0, Error{Errc::lock_lost, "another worker holds the lock"});
  BOOST_TEST(keeper.count<DropLock>() == 1u);
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  BOOST_TEST(fetchers[0].count<AbandonPage>() == 1u);
}

BOOST_AUTO_TEST_CASE(a_page_that_the_queue_refuses_for_good_fails_the_try) {
  keeps_pages = false;
  take(job("1"));
  serve("1", 0, page(40, 10));
  keep("1", 0, Error{Errc::usage, "no such command"});
  BOOST_REQUIRE(publisher.count<EndJob>() == 1u);
  BOOST_TEST(publisher.last<EndJob>().end.failed_reason == "no such command");
}

BOOST_AUTO_TEST_CASE(a_doubtful_lease_stops_requests_until_it_is_renewed) {
  take(job("1"));
  serve("1", 0, page(40, 10));
  BOOST_REQUIRE(fetchers.size() == 3u);
  send_as(keeper.handle, coordinator, LeaseDoubtful{{"1", "t1"}});
  BOOST_TEST(jobs.self_fenced.Value() == 1.0);
  // One was on the wire, the others had not been asked for.
  serve("1", 10, page(40, 10, "a"));
  for (const auto offset : {20u, 30u}) {
    BOOST_REQUIRE(holder("1", offset));
    send_as(holder("1", offset)->handle, coordinator, PageAbandoned{"1", offset});
  }
  const auto asked = [&] {
    std::size_t requests = 0;
    for (auto& fetcher : fetchers)
      requests += fetcher.count<FetchPage>();
    return requests;
  };
  BOOST_TEST(asked() == 4u);
  renew_lease(24s);
  BOOST_TEST(asked() == 6u);
  serve("1", 20, page(40, 10, "b"));
  serve("1", 30, page(40, 10, "c"));
  BOOST_REQUIRE(writer.count<StoreCollection>() == 1u);
  BOOST_TEST(writer.last<StoreCollection>().collection.items.size() == 40u);
}

BOOST_AUTO_TEST_CASE(a_process_that_slept_past_its_lease_sends_nothing_before_a_renewal) {
  take(job("1"));
  serve("1", 0, page(25, 10));
  const auto before = fetchers.size();
  advance(24s); // LockKeeper has not told yet
  serve("1", 10, page(25, 10, "a"));
  keep("1", 10);
  BOOST_TEST(writer.count<StoreCollection>() == 0u);
  BOOST_TEST(fetchers.size() == before);
  BOOST_TEST(jobs.self_fenced.Value() == 1.0);
}

BOOST_AUTO_TEST_CASE(fetchers_are_told_of_a_lease_that_goes_on) {
  take(job("1"));
  BOOST_TEST((fetchers[0].last<FetchPage>().valid_until == now() + 24s));
  renew_lease(30s);
  BOOST_REQUIRE(fetchers[0].count<LeaseExtended>() == 1u);
  BOOST_TEST((fetchers[0].last<LeaseExtended>().valid_until == now() + 30s));
}

BOOST_AUTO_TEST_CASE(a_collection_that_came_back_is_stored_once_the_lease_is_renewed) {
  take(job("1"));
  serve("1", 0, page(1, 1));
  send_as(keeper.handle, coordinator, LeaseDoubtful{{"1", "t1"}});
  send_as(writer.handle, coordinator,
          CollectionNotStored{
            lock_of("1"), {Errc::lease_expired, ""}, writer.last<StoreCollection>().collection});
  BOOST_TEST(writer.count<StoreCollection>() == 1u);
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  renew_lease(24s);
  BOOST_REQUIRE(writer.count<StoreCollection>() == 2u);
  BOOST_TEST(writer.last<StoreCollection>().collection.items.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_page_of_a_job_is_none_of_a_later_job_with_its_id, SameIdAgain) {
  BOOST_TEST(fetchers[1].last<FetchPage>().request.domain == "new.test");
  BOOST_TEST(old_fetcher->count<AbandonPage>() == 1u);
  send_as(old_fetcher->handle, coordinator, PageFetched{"1", 0, SharedBody{"body"}});
  BOOST_TEST(normalizer.count<NormalizePage>() == 0u);
  send_as(normalizer.handle, coordinator, PageNormalized{lock_of("1"), 0, page(1, 1), "packed"});
  BOOST_TEST(publisher.count<KeepPage>() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_failure_of_a_job_is_none_of_a_later_job_with_its_id, SameIdAgain) {
  send_as(old_fetcher->handle, coordinator, PageFailed{"1", 0, {Errc::api_rejected, "no"}, 0});
  BOOST_TEST(publisher.count<EndJob>() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_collection_of_a_job_is_none_of_a_later_job_with_its_id, SameIdAgain) {
  send_as(fetchers[1].handle, coordinator, PageFetched{"1", 0, SharedBody{"body"}});
  const auto lock = normalizer.last<NormalizePage>().lock;
  send_as(normalizer.handle, coordinator, PageNormalized{lock, 0, page(1, 1), "packed"});
  send_as(publisher.handle, coordinator, PageKept{lock, 0, 1767225600000, {}});
  BOOST_REQUIRE(writer.count<StoreCollection>() == 1u);
  send_as(writer.handle, coordinator, CollectionStored{lock_of("1")});
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  send_as(writer.handle, coordinator, CollectionStored{lock});
  BOOST_TEST(publisher.count<EndJob>() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
