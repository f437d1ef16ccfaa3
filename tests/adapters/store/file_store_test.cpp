#include "tests/adapters/store/file_store_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace gleaner::test {

namespace file_store_suite {

namespace fs = std::filesystem;

struct Umask {
  explicit Umask(mode_t mask) : old(::umask(mask)) {}
  ~Umask() { ::umask(old); }
  mode_t old;
};

struct WorkingFolder {
  explicit WorkingFolder(const std::string& path) : old(fs::current_path()) {
    fs::current_path(path);
  }
  ~WorkingFolder() { fs::current_path(old); }
  fs::path old;
};

} // namespace file_store_suite

BOOST_FIXTURE_TEST_SUITE(file_store_suite, FileStoreFixture)

BOOST_AUTO_TEST_CASE(modes_do_not_depend_on_the_umask) {
  for (const mode_t mask : {0u, 0777u}) {
    const Umask changed{mask};
    auto store = open_store();
    BOOST_TEST(bool(store.check_writable()));
    save_one(store, sample_collection("example.test"));
    BOOST_TEST(mode_of(folder) == 0700u);
    BOOST_TEST(mode_of(path_of("example.test")) == 0600u);
    fs::remove_all(folder);
  }
}

BOOST_AUTO_TEST_CASE(configured_modes_are_used) {
  const Umask changed{0077};
  auto open_to_group = config();
  open_to_group.file_mode = 0640;
  open_to_group.folder_mode = 0750;
  store::FileStore store{open_to_group};
  save_one(store, sample_collection("example.test"));
  BOOST_TEST(mode_of(folder) == 0750u);
  BOOST_TEST(mode_of(path_of("example.test")) == 0640u);
}

BOOST_AUTO_TEST_CASE(nothing_but_the_file_is_left_in_the_folder) {
  auto store = open_store();
  BOOST_TEST(bool(store.check_writable()));
  save_one(store, sample_collection("example.test"));
  BOOST_TEST(names_in(folder) == std::vector<std::string>{collection_file_name("example.test")},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_default_folder_is_made_with_its_parent) {
  const WorkingFolder inside{temporary.path()};
  store::FileStore store{StoreConfig{}};
  BOOST_TEST(bool(store.check_writable()));
  BOOST_TEST(mode_of(temporary / "data") == 0700u);
  BOOST_TEST(mode_of(temporary / "data/collections") == 0700u);
}

BOOST_AUTO_TEST_CASE(the_folder_stays_the_same_when_the_process_changes_its_own) {
  fs::create_directories(temporary / "elsewhere");
  auto relative = config();
  relative.folder = "kept";
  const WorkingFolder start{temporary.path()};
  store::FileStore store{relative};
  const WorkingFolder inside{temporary / "elsewhere"};
  save_one(store, sample_collection("example.test"));
  BOOST_TEST(names_in(temporary / "kept").size() == 1u);
}

BOOST_AUTO_TEST_CASE(other_folders_are_not_made_without_their_parent) {
  for (const auto* path : {"missing/collections", "missing/deeper/collections"}) {
    auto deep = config();
    deep.folder = temporary / path;
    const auto status = store::FileStore{deep}.check_writable();
    BOOST_REQUIRE(!status);
    BOOST_TEST(status.error().code == Errc::store_unwritable);
    BOOST_TEST(status.error().detail.find(path) != std::string::npos);
    BOOST_TEST(status.error().detail.find("NH_COLLECTIONS_DIR") != std::string::npos);
    BOOST_TEST(!fs::exists(temporary / "missing"));
  }
}

BOOST_AUTO_TEST_CASE(a_file_in_the_place_of_the_folder_is_reported) {
  write_file(folder, "mine");
  auto store = open_store();
  const auto collection = sample_collection("example.test");
  for (const auto& status : {store.check_writable(), save_all(store, {&collection, 1})[0]}) {
    BOOST_REQUIRE(!status);
    BOOST_TEST(status.error().code == Errc::store_unwritable);
    BOOST_TEST(status.error().detail.find(folder) != std::string::npos);
    BOOST_TEST(status.error().detail.find("not a folder") != std::string::npos);
  }
  BOOST_TEST(read_file(folder) == "mine");
}

BOOST_AUTO_TEST_CASE(a_slash_at_the_end_of_the_folder_does_not_matter) {
  auto slashed = config();
  slashed.folder = folder + "//";
  store::FileStore store{slashed};
  save_one(store, sample_collection("example.test"));
  BOOST_TEST(fs::exists(path_of("example.test")));
}

BOOST_AUTO_TEST_CASE(a_folder_that_was_removed_is_made_again) {
  auto store = open_store();
  save_one(store, sample_collection("example.test"));
  fs::remove_all(folder);
  BOOST_TEST(store.load("example.test").error().code == Errc::not_found);
  BOOST_TEST(store.remove("example.test").error().code == Errc::not_found);
  BOOST_TEST(list_all(store).infos.empty());
  save_one(store, sample_collection("example.test"));
  BOOST_TEST(store.exists("example.test"));
}

BOOST_AUTO_TEST_CASE(a_folder_in_the_place_of_a_file_spoils_only_that_one) {
  auto store = open_store();
  fs::create_directories(path_of("b.test") + "/inside");
  const std::vector<Collection> three{sample_collection("a.test"), sample_collection("b.test"),
                                      sample_collection("c.test")};
  const auto results = save_all(store, three);
  BOOST_TEST(bool(results[0]));
  BOOST_REQUIRE(!results[1]);
  BOOST_TEST(results[1].error().detail.find(path_of("b.test")) != std::string::npos);
  BOOST_TEST(bool(results[2]));
  BOOST_TEST(names_in(folder).size() == 3u);
  BOOST_TEST(store.load("b.test").error().code == Errc::store_io);
  BOOST_TEST(!store.remove("b.test"));
}

BOOST_AUTO_TEST_CASE(what_does_not_belong_in_the_folder_is_a_problem_of_the_list_and_nothing_more) {
  auto store = open_store();
  for (const auto* domain : {"a.test", "z.test"})
    save_one(store, sample_collection(domain));
  write_file(folder + "/broken.json", "{");
  write_file(folder + "/deep.json", std::string(100'000, '['));
  write_file(folder + "/empty.json", "");
  write_file(folder + "/package.json", R"({"name":"x"})");
  fs::create_directory(folder + "/folder.json");
  fs::create_symlink("a.json", folder + "/link.json");
  fs::copy_file(path_of("a.test"), folder + "/renamed.json");
  BOOST_REQUIRE(::mkfifo((folder + "/pipe.json").c_str(), 0600) == 0);
  write_file(folder + "/.gleaner-1-0.tmp", "{");
  write_file(folder + "/notes.txt", "mine");
  const auto listing = list_all(store);
  BOOST_TEST(listing.domains() == (std::vector<std::string>{"a.test", "z.test"}),
             boost::test_tools::per_element());
  BOOST_TEST(listing.problems.size() == 8u);
  for (const auto& problem : listing.problems) {
    BOOST_TEST(problem.code == Errc::store_io);
    BOOST_TEST(problem.detail.find(folder) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_can_not_be_read_says_where_it_lies_and_what_to_do) {
  auto store = open_store();
  save_one(store, sample_collection("example.test"));
  write_file(path_of("example.test"), read_file(path_of("example.test")).substr(0, 300));
  const auto broken = store.load("example.test");
  BOOST_REQUIRE(!broken);
  BOOST_TEST(broken.error().code == Errc::store_io);
  BOOST_TEST(broken.error().detail.find(path_of("example.test") + " is not JSON at byte") == 0u);
  BOOST_TEST(broken.error().detail.find("mara") == std::string::npos); // no address in an error
  BOOST_TEST(store.exists("example.test"));
}

BOOST_AUTO_TEST_CASE(list_tells_size_and_place) {
  auto store = open_store();
  save_one(store, sample_collection("example.test"));
  const auto listing = list_all(store);
  BOOST_REQUIRE(listing.infos.size() == 1u);
  BOOST_TEST(listing.infos[0].path == path_of("example.test"));
  BOOST_TEST(listing.infos[0].bytes == fs::file_size(path_of("example.test")));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
