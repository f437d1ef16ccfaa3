#include "tests/adapters/store/file_store_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace gleaner::test {

namespace fs = std::filesystem;

BOOST_FIXTURE_TEST_SUITE(file_store_links_suite, FileStoreFixture)

BOOST_AUTO_TEST_CASE(a_configured_link_to_a_folder_is_followed) {
  fs::create_directory(temporary / "disk");
  fs::create_directory_symlink(temporary / "disk", folder);
  auto store = open_store();
  save_one(store, sample_collection("example.test"));
  BOOST_TEST(names_in(temporary / "disk").size() == 1u);
  BOOST_TEST(store.exists("example.test"));
}

BOOST_AUTO_TEST_CASE(a_link_that_takes_the_folders_place_later_is_refused) {
  auto store = open_store();
  BOOST_TEST(bool(store.check_writable()));
  fs::remove(folder);
  fs::create_directory(temporary / "trap");
  fs::create_directory_symlink(temporary / "trap", folder);
  const auto collection = sample_collection("example.test");
  for (const auto& status : {store.check_writable(), save_all(store, {&collection, 1})[0]}) {
    BOOST_REQUIRE(!status);
    BOOST_TEST(status.error().code == Errc::store_unwritable);
    BOOST_TEST(status.error().detail.find("symbolic link") != std::string::npos);
  }
  BOOST_TEST(names_in(temporary / "trap").empty());
}

BOOST_AUTO_TEST_CASE(a_link_to_nowhere_is_reported) {
  fs::create_directory_symlink(temporary / "nowhere", folder);
  auto store = open_store();
  BOOST_TEST(store.check_writable().error().code == Errc::store_unwritable);
  BOOST_TEST(!fs::exists(temporary / "nowhere"));
}

BOOST_AUTO_TEST_CASE(a_link_in_the_place_of_a_file_is_replaced_not_followed) {
  auto store = open_store();
  BOOST_TEST(bool(store.check_writable()));
  write_file(temporary / "precious", "keep me");
  fs::create_symlink(temporary / "precious", path_of("example.test"));
  BOOST_TEST(!store.exists("example.test"));
  BOOST_TEST(store.load("example.test").error().code == Errc::store_io);
  save_one(store, sample_collection("example.test"));
  BOOST_TEST(read_file(temporary / "precious") == "keep me");
  BOOST_TEST(fs::is_regular_file(fs::symlink_status(path_of("example.test"))));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
