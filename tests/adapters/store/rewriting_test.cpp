#include "tests/adapters/store/file_store_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace gleaner::test {

namespace rewriting_suite {

const std::vector<Collection>& three() {
  static const std::vector<Collection> group{
    sample_collection("a.test", 9), sample_collection("b.test", 9), sample_collection("c.test", 9)};
  return group;
}

/// The name of an open file or folder, without its path.
std::string name_of(int fd) {
  return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd)).filename().string();
}

/// Which files were synced, and which were renamed; the `failing`th sync (from 0) ends with EIO.
struct SyncedFiles {
  int failing;
  std::vector<std::string> synced = {};
  std::set<std::string> renamed = {};
  std::mutex mutex = {}; ///< Syncs come from several threads.

  store::FileCalls calls() {
    store::FileCalls calls;
    calls.sync = [this](int fd) {
      const std::lock_guard guard{mutex};
      synced.push_back(name_of(fd));
      errno = EIO;
      return static_cast<int>(synced.size()) - 1 == failing ? -1 : ::fsync(fd);
    };
    calls.rename = [this](int in, const char* from, const char* to) {
      renamed.insert(from);
      return ::renameat(in, from, in, to);
    };
    return calls;
  }
};

} // namespace rewriting_suite

BOOST_FIXTURE_TEST_SUITE(rewriting_suite, FileStoreFixture)

BOOST_AUTO_TEST_CASE(a_write_or_sync_that_fails_once_is_made_good_by_a_new_file) {
  for (const auto* call : {"open", "write", "sync"})
    for (int number = 0; number < 3; ++number) {
      BOOST_TEST_CONTEXT(call << ' ' << number) {
        remove_folder();
        auto store = open_store(failing_calls(call, number, EIO));
        for (const auto& result : save_all(store, three()))
          BOOST_TEST(bool(result));
        BOOST_TEST(failures.size() == 1u); // it is counted all the same
        for (const auto& collection : three())
          BOOST_TEST(to_text(store.load(collection.domain).value()) == to_text(collection));
        BOOST_TEST(names_in(folder).size() == 3u);
      }
    }
}

BOOST_AUTO_TEST_CASE(twice_in_a_row_is_a_failure_and_leaves_the_old_file) {
  for (const auto* call : {"write", "sync"}) {
    BOOST_TEST_CONTEXT(call) {
      remove_folder();
      auto good = open_store();
      save_one(good, sample_collection("a.test", 1));
      auto store = open_store(failing_calls(call, 0, EIO, 1));
      const auto results = save_all(store, {three().data(), 1});
      BOOST_REQUIRE(!results[0]);
      BOOST_TEST(results[0].error().code == Errc::store_io);
      BOOST_TEST(good.load("a.test").value().items.size() == 1u);
      BOOST_TEST(names_in(folder).size() == 1u);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_is_written_anew_only_once_whatever_fails) {
  auto calls = failing_calls("write", 0, EIO);
  calls.sync = failing_calls("sync", 0, EIO).sync;
  auto store = open_store(calls);
  BOOST_TEST(save_all(store, {three().data(), 1})[0].error().code == Errc::store_io);
  BOOST_TEST(failures == (std::vector<std::string>{"write", "fsync"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_file_is_synced_again_after_its_sync_failed) {
  for (int failing = 0; failing < 3; ++failing) {
    remove_folder();
    SyncedFiles files{failing};
    auto store = open_store(files.calls());
    for (const auto& result : save_all(store, three()))
      BOOST_TEST(bool(result));
    BOOST_TEST(files.synced.size() == 5u); // three files, a new one, the folder
    BOOST_TEST(std::set(files.synced.begin(), files.synced.end()).size() == 5u);
    BOOST_TEST(!files.renamed.contains(files.synced.at(static_cast<std::size_t>(failing))));
    BOOST_TEST(files.renamed.size() == 3u);
  }
}

BOOST_AUTO_TEST_CASE(a_folder_whose_sync_failed_gets_everything_once_more) {
  SyncedFiles files{3};
  auto store = open_store(files.calls());
  for (const auto& result : save_all(store, three()))
    BOOST_TEST(bool(result));
  BOOST_TEST(files.synced.size() == 8u);
  BOOST_TEST(failures == std::vector<std::string>{"fsync"}, boost::test_tools::per_element());
  auto broken = open_store(failing_calls("sync", 3, EIO, 100));
  for (const auto& result : save_all(broken, three()))
    BOOST_TEST((!result && result.error().code == Errc::store_io));
}

BOOST_AUTO_TEST_CASE(what_may_no_longer_be_replaced_is_not_when_it_is_written_once_more) {
  auto store = open_store(failing_calls("sync", 1, EIO));
  int asked = 0;
  const auto results = store.save({three().data(), 1}, [&](std::size_t) { return ++asked == 1; });
  BOOST_TEST(asked == 2);
  BOOST_TEST((!results[0] && results[0].error().code == Errc::lease_expired));
  BOOST_TEST(names_in(folder).size() == 1u);
}

BOOST_AUTO_TEST_CASE(one_sync_of_the_folder_serves_a_group) {
  for (const std::size_t size : {1u, 10u, 100u}) {
    remove_folder();
    SyncedFiles files{-1};
    auto store = open_store(files.calls());
    std::vector<Collection> group;
    for (std::size_t i = 0; i < size; ++i)
      group.push_back(sample_collection("d" + std::to_string(i) + ".test", 1));
    for (const auto& result : save_all(store, group))
      BOOST_TEST(bool(result));
    BOOST_TEST(files.synced.size() == size + 1);
    BOOST_TEST(std::count(files.synced.begin(), files.synced.end(), "collections") == 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
