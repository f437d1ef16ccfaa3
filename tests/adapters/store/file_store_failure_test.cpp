#include "tests/adapters/store/file_store_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/wait.h>

#include <algorithm>

namespace gleaner::test {

namespace file_store_failure_suite {

constexpr uid_t nobody = 65534;

boost::test_tools::assertion_result can_become_nobody(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result can{::geteuid() == 0};
  can.message() << "only root can become another user";
  return can;
}

struct AsNobody {
  AsNobody() { BOOST_REQUIRE(::seteuid(nobody) == 0); }
  ~AsNobody() { BOOST_REQUIRE(::seteuid(0) == 0); }
};

struct Step {
  const char* call;
  int number;
};
/// The steps of saving one small collection, in their order.
const std::vector<Step> steps{{"write", 0}, {"sync", 0}, {"rename", 0}, {"sync", 1}};

/// Dies where `step` would have been carried out, or just behind it.
store::FileCalls deadly_calls(Step step, bool behind) {
  auto calls = failing_calls(step.call, step.number, 0);
  const auto die_after = [behind](auto outcome, auto call) {
    if (outcome != -1)
      return outcome;
    if (behind)
      call();
    ::_exit(9);
  };
  store::FileCalls deadly;
  deadly.write = [=](int fd, const void* bytes, std::size_t size) {
    return die_after(calls.write(fd, bytes, size), [&] { return ::write(fd, bytes, size); });
  };
  deadly.sync = [=](int fd) { return die_after(calls.sync(fd), [&] { return ::fsync(fd); }); };
  deadly.rename = [=](int in, const char* from, const char* to) {
    return die_after(calls.rename(in, from, to), [&] { return ::renameat(in, from, in, to); });
  };
  return deadly;
}

/// Saves in a process of its own; true when that one died on the way.
bool dies_saving(const StoreConfig& config, const Collection& collection,
                 const store::FileCalls& calls) {
  const auto child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    store::FileStore store{config, calls};
    save_all(store, {&collection, 1});
    ::_exit(0);
  }
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 9;
}

} // namespace file_store_failure_suite

BOOST_FIXTURE_TEST_SUITE(file_store_failure_suite, FileStoreFixture)

BOOST_AUTO_TEST_CASE(a_process_that_dies_at_any_step_leaves_the_old_file_or_the_new_one) {
  const auto before = sample_collection("example.test", 1);
  const auto after = sample_collection("example.test", 50);
  for (const auto& step : steps)
    for (const bool behind : {false, true}) {
      BOOST_TEST_CONTEXT(step.call << ' ' << step.number << (behind ? " done" : " not done")) {
        remove_folder();
        auto store = open_store();
        save_one(store, before);
        BOOST_REQUIRE(dies_saving(config(), after, deadly_calls(step, behind)));
        const auto loaded = store.load("example.test");
        BOOST_REQUIRE(bool(loaded));
        const bool renamed = std::string{step.call} == "rename" ? behind : step.number == 1;
        BOOST_TEST(to_text(*loaded) == to_text(renamed ? after : before));
        BOOST_TEST(list_all(store).infos.size() == 1u);
        BOOST_TEST(list_all(store).problems.empty());
        save_one(store, after); // what was left behind is in nobody's way
      }
    }
}

BOOST_AUTO_TEST_CASE(a_step_that_fails_leaves_the_old_file_and_the_others_alone) {
  const std::vector<Collection> group{
    sample_collection("a.test", 9), sample_collection("b.test", 9), sample_collection("c.test", 9)};
  for (const auto* call : {"write", "sync", "rename"}) {
    BOOST_TEST_CONTEXT(call) {
      remove_folder();
      auto good = open_store();
      save_one(good, sample_collection("b.test", 1));
      auto store = open_store(failing_calls(call, 1, ENOSPC));
      const auto results = save_all(store, group);
      BOOST_TEST(bool(results[0]));
      BOOST_TEST(bool(results[2]));
      BOOST_REQUIRE(!results[1]);
      BOOST_TEST(results[1].error().code == Errc::store_full);
      BOOST_TEST(results[1].error().detail.find(path_of("b.test")) != std::string::npos);
      BOOST_TEST(good.load("b.test").value().items.size() == 1u);
      BOOST_TEST(good.load("c.test").value().items.size() == 9u);
      BOOST_TEST(names_in(folder).size() == 3u);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_sync_that_fails_in_a_large_group_fails_its_file_alone) {
  std::vector<Collection> group;
  for (int i = 0; i < 20; ++i)
    group.push_back(sample_collection("g" + std::to_string(i) + ".test", 9));
  auto store = open_store(failing_calls("sync", 11, ENOSPC));
  const auto results = save_all(store, group);
  BOOST_TEST(std::count_if(results.begin(), results.end(), [](const auto& one) { return !one; }) ==
             1);
  for (std::size_t i = 0; i < group.size(); ++i)
    BOOST_TEST(store.exists(group[i].domain) == bool(results[i]), group[i].domain);
}

BOOST_AUTO_TEST_CASE(a_folder_that_can_not_be_synced_fails_what_was_saved) {
  auto store = open_store(failing_calls("sync", 2, ENOSPC));
  const std::vector<Collection> group{sample_collection("a.test"), sample_collection("b.test")};
  for (const auto& result : save_all(store, group))
    BOOST_TEST((!result && result.error().code == Errc::store_full));
}

BOOST_AUTO_TEST_CASE(a_disk_that_keeps_nothing_is_not_writable) {
  for (const auto* call : {"open", "write", "sync"}) {
    const auto status = open_store(failing_calls(call, 0, EIO)).check_writable();
    BOOST_TEST((!status && status.error().code == Errc::store_io), call);
    BOOST_TEST(names_in(folder).empty());
    BOOST_TEST(failures.size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_file_system_that_can_not_sync_folders_is_accepted) {
  auto store = open_store(failing_calls("sync", 1, EINVAL));
  save_one(store, sample_collection("a.test"));
}

BOOST_AUTO_TEST_CASE(short_and_interrupted_writes_go_on) {
  store::FileCalls calls;
  int count = 0;
  calls.write = [&](int fd, const void* bytes, std::size_t size) -> ssize_t {
    errno = EINTR;
    return ++count % 2 ? -1 : ::write(fd, bytes, std::min<std::size_t>(size, 100));
  };
  auto store = open_store(calls);
  save_one(store, sample_collection("a.test", 3));
  BOOST_TEST(to_text(store.load("a.test").value()) == to_text(sample_collection("a.test", 3)));
  BOOST_TEST(count > 20);
}

BOOST_AUTO_TEST_CASE(errors_tell_full_from_unwritable_from_broken) {
  for (const auto& [number, code] :
       std::vector<std::pair<int, Errc>>{{ENOSPC, Errc::store_full},
                                         {EDQUOT, Errc::store_full},
                                         {EROFS, Errc::store_unwritable},
                                         {EACCES, Errc::store_unwritable},
                                         {EPERM, Errc::store_unwritable},
                                         {ENOTDIR, Errc::store_unwritable},
                                         {ENOENT, Errc::store_unwritable},
                                         {EIO, Errc::store_io},
                                         {EMFILE, Errc::store_io},
                                         {EFBIG, Errc::store_io}}) {
    auto store = open_store(failing_calls("write", 0, number, 1));
    const auto collection = sample_collection("a.test");
    const auto result = save_all(store, {&collection, 1})[0];
    BOOST_REQUIRE(!result);
    BOOST_TEST(result.error().code == code);
    BOOST_TEST(result.error().detail.find("; ") != std::string::npos); // the remedy
  }
}

BOOST_AUTO_TEST_CASE(a_full_disk_costs_only_what_does_not_fit,
                     *boost::unit_test::precondition(can_mount)) {
  const SmallDisk disk{folder};
  auto store = open_store();
  save_one(store, sample_collection("big.test", 2));
  const std::vector<Collection> group{sample_collection("a.test", 2),
                                      sample_collection("big.test", 500),
                                      sample_collection("c.test", 2)};
  const auto results = save_all(store, group);
  BOOST_TEST(bool(results[0]));
  BOOST_TEST(bool(results[2]));
  BOOST_REQUIRE(!results[1]);
  BOOST_TEST(results[1].error().code == Errc::store_full);
  BOOST_TEST(results[1].error().detail.find("free some space") != std::string::npos);
  BOOST_TEST(store.load("big.test").value().items.size() == 2u);
  BOOST_TEST(names_in(folder).size() == 3u);
  write_file(folder + "/filler", std::string(200'000, 'x'));
  BOOST_TEST(store.check_writable().error().code == Errc::store_full);
}

BOOST_AUTO_TEST_CASE(a_read_only_disk_is_reported, *boost::unit_test::precondition(can_mount)) {
  const SmallDisk disk{folder};
  auto store = open_store();
  save_one(store, sample_collection("a.test"));
  BOOST_REQUIRE(disk.make_read_only());
  const auto collection = sample_collection("a.test", 9);
  for (const auto& status :
       {store.check_writable(), save_all(store, {&collection, 1})[0], store.remove("a.test")}) {
    BOOST_REQUIRE(!status);
    BOOST_TEST(status.error().code == Errc::store_unwritable);
    BOOST_TEST(status.error().detail.find("remount") != std::string::npos);
  }
  BOOST_TEST(store.load("a.test").value().items.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_folder_without_permission_is_reported,
                     *boost::unit_test::precondition(can_become_nobody)) {
  std::filesystem::create_directory(folder);
  ::chmod(temporary.path().c_str(), 0755);
  for (const mode_t mode : {0755u, 0700u}) {
    ::chmod(folder.c_str(), mode);
    auto store = open_store();
    const AsNobody other;
    const auto status = store.check_writable();
    BOOST_REQUIRE(!status);
    BOOST_TEST(status.error().code == Errc::store_unwritable);
    BOOST_TEST(status.error().detail.find("uid 65534") != std::string::npos);
    BOOST_TEST(!store.exists("a.test"));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
