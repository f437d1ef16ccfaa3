#include "actors/store_writer.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/recorder.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace store_writer_actor {

/// Counts groups; refuses the collections of one domain.
struct CountingStore final : CollectionStore {
  std::vector<Status> save(std::span<const Collection> collections,
                           const MayReplace& may_replace) override {
    groups.push_back(collections.size());
    while_writing();
    std::vector<Status> results;
    for (std::size_t i = 0; i < collections.size(); ++i)
      if (collections[i].domain == "full.test")
        results.push_back(Error{Errc::store_full, "no space left"});
      else if (may_replace(i))
        results.push_back(Done{});
      else
        results.push_back(Error{Errc::lease_expired, ""});
    return results;
  }
  Result<Collection> load(std::string_view) override { return Error{Errc::not_found, ""}; }
  Result<CollectionInfo> describe(std::string_view domain) override {
    if (domain != "there.test")
      return Error{Errc::not_found, ""};
    CollectionInfo info;
    info.items = 7;
    return info;
  }
  Status list(const std::function<bool(const CollectionInfo&)>&,
              const std::function<void(const Error&)>&) override {
    return Done{};
  }
  bool exists(std::string_view) override { return false; }
  Status remove(std::string_view) override { return Error{Errc::not_found, ""}; }
  Status check_writable() override { return Done{}; }
  std::size_t remove_leftovers() override { return std::exchange(leftovers, 0); }
  Result<std::uint64_t> free_bytes() override { return free; }
  std::size_t leftovers = 2;
  Result<std::uint64_t> free = std::uint64_t{5000};
  std::vector<std::size_t> groups;
  std::function<void()> while_writing = [] {};
};

struct Fakes {
  CountingStore store;
  prometheus::Registry registry;
  StoreMetrics metrics{registry};
  ReconcileMetrics reconciled{registry};
};

struct Fixture : Fakes, DeterministicSystem {
  Recorder<JobCoordinatorActor> coordinator{*this};
  StoreWriterActor writer = spawn(store_writer, StoreWriterDeps{&store, &metrics, &reconciled});

  StoreCollection request(std::string id, std::string domain, std::chrono::seconds valid = 30s) {
    Collection collection;
    collection.domain = std::move(domain);
    return {{std::move(id), "t"}, std::move(collection), system().clock().now() + valid};
  }
};

} // namespace store_writer_actor

BOOST_FIXTURE_TEST_SUITE(store_writer_actor, Fixture)

BOOST_AUTO_TEST_CASE(what_is_in_the_mailbox_is_saved_as_one_group_and_each_is_answered) {
  for (const auto* id : {"1", "2", "3"})
    caf::send_as(coordinator.handle, writer, request(id, "acme.test"));
  run();
  BOOST_REQUIRE(store.groups.size() == 1u);
  BOOST_TEST(store.groups[0] == 3u);
  BOOST_TEST(coordinator.count<CollectionStored>() == 3u);
}

BOOST_AUTO_TEST_CASE(one_refused_collection_does_not_spoil_the_others) {
  caf::send_as(coordinator.handle, writer, request("1", "full.test"));
  caf::send_as(coordinator.handle, writer, request("2", "acme.test"));
  run();
  BOOST_REQUIRE(coordinator.count<CollectionNotStored>() == 1u);
  BOOST_TEST(coordinator.last<CollectionNotStored>().lock.job_id == "1");
  BOOST_TEST((coordinator.last<CollectionNotStored>().error.code == Errc::store_full));
  BOOST_TEST(coordinator.last<CollectionStored>().lock.job_id == "2");
  BOOST_TEST(metrics.writes_failed.Value() == 1.0);
}

BOOST_AUTO_TEST_CASE(a_lease_that_ends_while_the_disk_is_busy_forbids_the_last_step) {
  store.while_writing = [this] { pass(10s); };
  caf::send_as(coordinator.handle, writer, request("1", "acme.test", 10s));
  caf::send_as(coordinator.handle, writer, request("2", "beta.test", 11s));
  run();
  BOOST_REQUIRE(coordinator.count<CollectionNotStored>() == 1u);
  BOOST_TEST(coordinator.last<CollectionNotStored>().lock.job_id == "1");
  BOOST_TEST((coordinator.last<CollectionNotStored>().error.code == Errc::lease_expired));
  BOOST_TEST(coordinator.last<CollectionStored>().lock.job_id == "2");
}

BOOST_AUTO_TEST_CASE(leftovers_are_removed_at_the_start_and_every_minute) {
  run();
  BOOST_TEST(reconciled.temp_files.Value() == 2.0);
  store.leftovers = 3;
  advance(59s);
  BOOST_TEST(store.leftovers == 3u);
  advance(1s);
  BOOST_TEST(reconciled.temp_files.Value() == 5.0);
  store.leftovers = 1;
  advance(60s);
  BOOST_TEST(reconciled.temp_files.Value() == 6.0);
}

BOOST_AUTO_TEST_CASE(the_free_space_is_known_from_the_start_and_after_each_save) {
  run();
  BOOST_TEST(metrics.free_bytes.Value() == 5000.0);
  store.free = std::uint64_t{4000};
  send_as(coordinator.handle, writer, request("1", "acme.test"));
  BOOST_TEST(metrics.free_bytes.Value() == 4000.0);
  store.free = std::uint64_t{3000};
  advance(60s);
  BOOST_TEST(metrics.free_bytes.Value() == 3000.0);
  store.free = Error{Errc::not_found, "no folder"};
  advance(60s);
  BOOST_TEST(metrics.free_bytes.Value() == 3000.0);
}

BOOST_AUTO_TEST_CASE(what_is_stored_for_a_domain_is_told) {
  send_as(coordinator.handle, writer, FindCollection{{"1", "t"}, "there.test"});
  send_as(coordinator.handle, writer, FindCollection{{"2", "t"}, "nowhere.test"});
  const auto found = coordinator.all<CollectionFound>();
  BOOST_REQUIRE(found.size() == 2u);
  BOOST_TEST(found[0].lock.job_id == "1");
  BOOST_REQUIRE(found[0].stored.has_value());
  BOOST_TEST(found[0].stored->items == 7u);
  BOOST_TEST(!found[1].stored.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
