#include "tests/adapters/store/file_store_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <sys/wait.h>

#include <csignal>
#include <ctime>

namespace gleaner::test {

namespace leftovers_suite {

namespace fs = std::filesystem;

void make_older(const std::string& path, int seconds) {
  struct timespec times[2]{};
  times[0].tv_sec = times[1].tv_sec = std::time(nullptr) - seconds;
  BOOST_REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) == 0);
}

} // namespace leftovers_suite

BOOST_FIXTURE_TEST_SUITE(leftovers_suite, FileStoreFixture)

BOOST_AUTO_TEST_CASE(what_an_unknown_process_left_is_removed_after_ten_minutes) {
  auto store = open_store();
  fs::create_directory(folder);
  const auto old_one = folder + "/.gleaner-1-00000000000000aa.tmp";
  const auto new_one = folder + "/.gleaner-1-00000000000000bb.tmp";
  const auto foreign = folder + "/old.tmp";
  const auto link = folder + "/.gleaner-1-00000000000000cc.tmp";
  for (const auto& path : {old_one, new_one, foreign})
    write_file(path, "{");
  fs::create_symlink(foreign, link);
  make_older(old_one, 601);
  make_older(new_one, 500);
  make_older(foreign, 100'000);
  make_older(link, 100'000);
  BOOST_TEST(store.remove_leftovers() == 1u);
  BOOST_TEST(!fs::exists(old_one));
  BOOST_TEST(fs::exists(new_one));
  BOOST_TEST(fs::exists(foreign));
  BOOST_TEST(fs::is_symlink(link));
  BOOST_TEST(store.remove_leftovers() == 0u);
}

BOOST_AUTO_TEST_CASE(what_a_process_left_is_removed_as_soon_as_it_is_gone) {
  int alive[2];
  BOOST_REQUIRE(::pipe(alive) == 0);
  const auto child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    store::FileCalls calls;
    calls.sync = [&](int) {
      const auto told = ::write(alive[1], "x", 1);
      ::pause();
      return static_cast<int>(told);
    };
    store::FileStore store{config(), calls};
    save_one(store, sample_collection("a.test"));
    ::_exit(0);
  }
  char told = 0;
  BOOST_REQUIRE(::read(alive[0], &told, 1) == 1);
  auto store = open_store();
  BOOST_TEST(store.remove_leftovers() == 0u);
  BOOST_REQUIRE(::kill(child, SIGKILL) == 0);
  BOOST_REQUIRE(::waitpid(child, nullptr, 0) == child);
  BOOST_TEST(store.remove_leftovers() == 1u);
  BOOST_TEST(names_in(folder).empty());
  ::close(alive[0]);
  ::close(alive[1]);
}

BOOST_AUTO_TEST_CASE(without_a_folder_nothing_is_left_over_and_none_is_made) {
  auto store = open_store();
  BOOST_TEST(store.remove_leftovers() == 0u);
  BOOST_TEST(!fs::exists(folder));
  BOOST_TEST(!store.free_bytes());
}

BOOST_AUTO_TEST_CASE(the_free_space_is_that_of_the_folders_disk,
                     *boost::unit_test::precondition(can_mount)) {
  const SmallDisk disk{folder};
  auto store = open_store();
  const auto before = store.free_bytes().value();
  BOOST_TEST(before == 128u * 1024u);
  write_file(folder + "/filler", std::string(64 * 1024, 'x'));
  BOOST_TEST(store.free_bytes().value() == before - 64u * 1024u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
