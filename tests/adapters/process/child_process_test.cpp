#include "adapters/process/child_process.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <thread>

using gleaner::process::ChildProcess;
using gleaner::process::ChildSetup;
using namespace gleaner::test;

namespace child_process {

/// What the program says on stderr until it ends.
std::string words_of(ChildSetup setup) {
  std::array<int, 2> ends{};
  BOOST_REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  setup.error_output = ends[1];
  auto child = ChildProcess::start(std::move(setup));
  close(ends[1]);
  BOOST_REQUIRE(child);
  std::string text;
  std::array<char, 512> block{};
  for (ssize_t got = 0; (got = read(ends[0], block.data(), block.size())) > 0;)
    text.append(block.data(), static_cast<std::size_t>(got));
  close(ends[0]);
  BOOST_TEST(child->wait() == 0);
  return text;
}

std::string process_file(pid_t process, const std::string& name) {
  return "/proc/" + std::to_string(process) + '/' + name;
}

ChildSetup shell(const std::string& script) {
  return {{"sh", "-c", script}, {}, -1, {}, SIGTERM};
}

} // namespace child_process

BOOST_AUTO_TEST_SUITE(child_process)

BOOST_AUTO_TEST_CASE(it_gets_its_words_and_tells_how_it_ended) {
  BOOST_TEST(words_of({{"sh", "-c", "echo \"$1\" >&2", "sh", "a b"}, {}, -1, {}, SIGTERM}) ==
             "a b\n");
  auto child = ChildProcess::start(shell("exit 3"));
  BOOST_REQUIRE(child);
  const auto status = child->wait();
  BOOST_TEST(WEXITSTATUS(status) == 3);
  BOOST_TEST(!ChildProcess::was_not_found(status));
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_shows_in_its_end) {
  auto child = ChildProcess::start({{"no-such-program-anywhere"}, {}, -1, {}, SIGTERM});
  BOOST_REQUIRE(child);
  BOOST_TEST(ChildProcess::was_not_found(child->wait()));
}

BOOST_AUTO_TEST_CASE(it_inherits_only_what_is_named) {
  const int secret = open("/dev/zero", O_RDONLY); // without O_CLOEXEC
  const int named = open("/dev/full", O_RDONLY | O_CLOEXEC);
  auto setup = shell("readlink /proc/$$/fd/* >&2; true");
  setup.inherited = {named};
  const auto files = words_of(std::move(setup));
  BOOST_TEST(files.find("/dev/full") != std::string::npos, files);
  BOOST_TEST(files.find("/dev/zero") == std::string::npos, files);
  close(secret);
  close(named);
}

BOOST_AUTO_TEST_CASE(its_descriptors_are_limited) {
  auto setup = shell("ulimit -n >&2");
  setup.most_files = 64;
  BOOST_TEST(words_of(std::move(setup)) == "64\n");
}

BOOST_AUTO_TEST_CASE(it_ends_with_its_object_and_with_the_thread_that_started_it) {
  pid_t id = -1;
  {
    const auto child = ChildProcess::start({{"sleep", "600"}, {}, -1, {}, SIGTERM});
    BOOST_REQUIRE(child);
    id = child->id();
    BOOST_TEST(kill(id, 0) == 0);
  }
  BOOST_TEST(kill(id, 0) != 0);
  std::optional<ChildProcess> left;
  std::thread{[&left] {
    auto child = ChildProcess::start({{"sleep", "600"}, {}, -1, {}, SIGTERM});
    if (!child)
      return;
    // Before it has become the other program the kernel may not know yet.
    wait_until([&child] { return read_file(process_file(child->id(), "comm")) == "sleep\n"; });
    left.emplace(std::move(*child));
  }}.join();
  BOOST_REQUIRE(left);
  BOOST_TEST(wait_until([&left] { return left->ended().has_value(); }));
}

BOOST_AUTO_TEST_SUITE_END()
