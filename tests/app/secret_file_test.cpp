#include "app/secret_file.hpp"
#include "tests/support/holds.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>
#include <unistd.h>

using namespace gleaner;
using namespace gleaner::test;

namespace secret_file {

constexpr uid_t somebody = 65534;
constexpr uid_t another = 65533;

/// Only root can be somebody else for a while and give files away.
auto is_root() {
  return [](boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result can{::geteuid() == 0};
    can.message() << "not root";
    return can;
  };
}

/// A folder as systemd makes it for a unit with `User=`: root's, with an ACL whose mask shows as
/// rights of the group. Here the group itself has them.
struct Fixture {
  TemporaryFolder parent;
  std::string folder = parent / "credentials";
  std::string key = folder + "/key";

  Fixture() {
    ::chmod(parent.path().c_str(), 0755);
    ::mkdir(folder.c_str(), 0700);
    write_file(key, "secret\n");
    set(key, 0440);
    set(folder, 0550);
  }

  ~Fixture() { ::chmod(folder.c_str(), 0700); }

  void set(const std::string& path, mode_t mode, uid_t owner = ::geteuid()) const {
    BOOST_REQUIRE(::chown(path.c_str(), owner, ::geteuid() == 0 ? somebody : ::getegid()) == 0);
    ::chmod(path.c_str(), mode);
  }

  /// What `somebody` is told; a root that asks is not.
  std::string read(const std::string& path, const std::string& credentials) const {
    const bool root = ::geteuid() == 0;
    if (root && (::setegid(somebody) != 0 || ::seteuid(somebody) != 0))
      return "can't become somebody else";
    const auto text = read_secret_file(path, credentials);
    if (root && (::seteuid(0) != 0 || ::setegid(0) != 0))
      return "can't become root again";
    return text ? *text : text.error().detail;
  }
  std::string read(const std::string& path) const { return read(path, folder); }
};

} // namespace secret_file

BOOST_FIXTURE_TEST_SUITE(secret_file, Fixture)

BOOST_AUTO_TEST_CASE(a_credential_may_be_readable_by_the_mask_of_an_acl) {
  BOOST_TEST(read(key) == "secret");
}

BOOST_AUTO_TEST_CASE(the_same_file_is_refused_where_no_credentials_are) {
  for (const auto& other : {std::string{}, parent.path(), folder + "/key", parent / "none"})
    BOOST_TEST(holds(read(key, other), ::geteuid() == 0 ? "another user" : "chmod 600"), other);
}

BOOST_AUTO_TEST_CASE(no_other_path_leads_to_a_credential) {
  const auto elsewhere = parent / "plain";
  write_file(elsewhere, "planted");
  set(elsewhere, 0440);
  ::chmod(folder.c_str(), 0700);
  std::filesystem::create_symlink(elsewhere, folder + "/link");
  ::mkdir((folder + "/inner").c_str(), 0750);
  write_file(folder + "/inner/key", "planted");
  set(folder + "/inner/key", 0440);
  set(folder + "/inner", 0750);
  set(folder, 0550);
  std::filesystem::create_symlink(key, parent / "link-to-key");
  std::filesystem::create_symlink(folder, parent / "link");
  const auto refusal = ::geteuid() == 0 ? "another user" : "chmod 600";
  for (const auto& path : {folder + "/../plain", folder + "/../credentials/key", folder + "/link",
                           folder + "/inner/key", folder + "/inner/../key", parent / "link-to-key",
                           parent / "link/key"})
    BOOST_TEST(holds(read(path), refusal), path);
  BOOST_TEST(holds(read(parent / "link/key", parent / "link"), refusal), "the folder is a link");
  BOOST_TEST(holds(read(folder + "/..", folder), "not a file"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_others_may_enter_or_change_guards_nothing) {
  for (const mode_t mode : {0551, 0554, 0570, 0777}) {
    set(folder, mode);
    BOOST_TEST(read(key) != "secret", std::oct << mode);
  }
}

BOOST_AUTO_TEST_CASE(a_credential_that_others_may_read_or_change_is_refused) {
  for (const mode_t mode : {0444, 0460, 0441}) {
    set(key, mode);
    BOOST_TEST(read(key) != "secret", std::oct << mode);
  }
}

BOOST_AUTO_TEST_CASE(a_credential_of_a_third_user_is_refused,
                     *boost::unit_test::precondition(is_root())) {
  set(key, 0440, another);
  BOOST_TEST(holds(read(key), "another user"));
  set(key, 0440);
  set(folder, 0550, another);
  BOOST_TEST(holds(read(key), "another user"));
}

BOOST_AUTO_TEST_CASE(an_empty_credential_is_refused_as_any_other_file) {
  ::chmod(key.c_str(), 0640);
  write_file(key, " \n");
  set(key, 0440);
  BOOST_TEST(holds(read(key), "empty"));
}

BOOST_AUTO_TEST_SUITE_END()
