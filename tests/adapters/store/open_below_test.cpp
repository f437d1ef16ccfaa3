#include "adapters/store/open_below.hpp"
#include "adapters/store/unique_fd.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>

namespace gleaner::test {

namespace open_below_suite {

namespace fs = std::filesystem;

/// A folder "inside" with a file and links that lead out of it.
struct Fixture {
  TemporaryFolder temporary;
  const std::string inside = temporary / "inside";
  store::UniqueFd folder;

  Fixture() {
    fs::create_directories(inside + "/deeper");
    write_file(temporary / "precious", "keep me");
    write_file(inside + "/mine", "mine");
    fs::create_symlink("../precious", inside + "/link");
    fs::create_directory_symlink("..", inside + "/up");
    folder = store::UniqueFd{::open(inside.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  }

  /// 0 or the errno of opening `name`.
  int opening(const char* name, int flags = O_RDONLY, mode_t mode = 0) const {
    const store::UniqueFd fd{store::open_below(folder.get(), name, flags, mode)};
    if (!fd)
      return errno;
    return (::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC) != 0 ? 0 : -1;
  }

  /// The first rule that does not hold, or 0.
  int broken_rule() const {
    const int create = O_WRONLY | O_CREAT | O_EXCL;
    const std::array<bool, 10> holds{
      opening("mine") == 0,
      opening("new", create, 0600) == 0,
      opening("new", create, 0600) == EEXIST,
      opening("absent") == ENOENT,
      opening("link") == ELOOP,
      opening("link", create, 0600) == EEXIST,
      opening("../precious", O_WRONLY) == EXDEV,
      opening("up/precious") == EXDEV,
      opening("..", O_RDONLY | O_DIRECTORY) == EXDEV,
      opening((temporary / "precious").c_str()) == EXDEV,
    };
    for (std::size_t i = 0; i < holds.size(); ++i)
      if (!holds[i])
        return static_cast<int>(i) + 1;
    return read_file(temporary / "precious") == "keep me" ? 0 : 99;
  }
};

/// From now on this process gets `error_number` from openat2, as under an old kernel or a filter.
bool forbid_openat2(unsigned error_number) {
  std::array<sock_filter, 4> program{{
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error_number),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

} // namespace open_below_suite

BOOST_FIXTURE_TEST_SUITE(open_below_suite, Fixture)

BOOST_AUTO_TEST_CASE(nothing_outside_of_the_folder_is_opened) {
  BOOST_TEST(broken_rule() == 0);
}

BOOST_AUTO_TEST_CASE(nor_where_there_is_no_openat2) {
  for (const int error_number : {ENOSYS, EPERM}) {
    fs::remove(inside + "/new");
    const auto child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0)
      ::_exit(forbid_openat2(static_cast<unsigned>(error_number)) ? broken_rule() : 98);
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_REQUIRE(WIFEXITED(status));
    BOOST_TEST(WEXITSTATUS(status) == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
