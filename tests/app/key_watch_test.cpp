#include "app/key_watch.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <atomic>
#include <mutex>
#include <span>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace key_watch {

/// Counts what another thread writes.
class CountingLog final : public EventLog {
public:
  void write(LogLevel, std::string_view code, std::string_view,
             std::span<const LogField>) override {
    unreadable += code == "auth.key_unreadable";
  }
  bool enabled(LogLevel) const noexcept override { return true; }
  std::atomic<int> unreadable{0};
};

struct Fixture {
  TemporaryFolder folder;
  CountingLog log;
  std::mutex mutex;
  std::vector<std::string> replaced;
  std::atomic<bool> good{true};

  std::string credentials; ///< Folder of systemd's; none at first.
  std::string file() { return folder / "key"; }
  /// Whole at once, as whoever replaces a key should.
  void write(const std::string& text, mode_t mode = 0600) {
    write_file(folder / "next", text);
    ::chmod((folder / "next").c_str(), mode);
    std::filesystem::rename(folder / "next", file());
  }
  std::unique_ptr<KeyWatch> watch() {
    write("old");
    const ApiKey from_file{"a", Secret{"old"}, file(), {}, {}, {}};
    const ApiKey from_variable{"b", Secret{"fixed"}, {}, {}, {}, {}};
    return std::make_unique<KeyWatch>(
      std::vector{from_file, from_variable}, credentials, log,
      [this](const std::string& name, const Secret& secret) {
        const std::lock_guard guard{mutex};
        replaced.push_back(name + "=" + std::string{secret.view()});
      },
      [this](bool all_good) { good = all_good; }, 10ms);
  }
  std::size_t times() {
    const std::lock_guard guard{mutex};
    return replaced.size();
  }
};

} // namespace key_watch

BOOST_FIXTURE_TEST_SUITE(key_watch, Fixture)

BOOST_AUTO_TEST_CASE(another_content_is_told_once_and_one_that_can_not_be_used_not) {
  auto watching = watch();
  write("new\n");
  wait_until([&] { return times() == 1; });
  write("wide open", 0644);
  wait_until([&] { return log.unreadable == 1; });
  write(""); // another reason
  wait_until([&] { return log.unreadable == 2; });
  BOOST_TEST(wait_until([&] { return !good; }));
  write("third");
  wait_until([&] { return times() == 2; });
  BOOST_TEST(wait_until([&] { return good.load(); }));
  ::unlink(file().c_str());
  wait_until([&] { return log.unreadable == 3; });
  watching.reset();
  BOOST_TEST(replaced == (std::vector<std::string>{"a=new", "a=third"}),
             boost::test_tools::per_element());
  BOOST_TEST(log.unreadable == 3); // each reason told once
}

BOOST_AUTO_TEST_CASE(a_credential_of_systemd_is_followed_too) {
  credentials = folder.path();
  auto watching = watch();
  write("new", 0440);
  wait_until([&] { return times() == 1; });
  watching.reset();
  BOOST_TEST(log.unreadable == 0);
}

BOOST_AUTO_TEST_SUITE_END()
