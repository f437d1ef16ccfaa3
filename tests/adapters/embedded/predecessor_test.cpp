#include "adapters/embedded/file_lock.hpp"
#include "tests/adapters/embedded/embedded_fixture.hpp"
#include "tests/support/wait_until.hpp"

using namespace gleaner;
using namespace gleaner::test;

namespace predecessors {

/// A server that nobody ends: as if the kernel had spared it when its owner was killed.
class SparedServer {
public:
  explicit SparedServer(const std::string& state_folder) {
    const auto folder = state_folder + "/redis";
    process_ = fork();
    if (process_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL); // when the test ends
      auto lock = embedded::FileLock::open(folder + "/server.lock");
      if (!lock || !lock->try_lock() || dup(lock->descriptor()) < 0)
        _exit(1);
      lock->write(std::to_string(getpid()));
      execlp("redis-server", "redis-server", "--port", "0", "--unixsocket",
             (folder + "/redis.sock").c_str(), "--appendonly", "yes", "--save", "", "--dir",
             folder.c_str(), "--logfile", (folder + "/redis.log").c_str(), nullptr);
      _exit(127);
    }
    BOOST_REQUIRE(
      wait_until([&] { return ask(embedded::embedded_url(state_folder), {"PING"}) == "PONG"; }));
  }
  SparedServer(const SparedServer&) = delete;
  SparedServer& operator=(const SparedServer&) = delete;
  ~SparedServer() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  pid_t process() const { return process_; }

private:
  pid_t process_ = -1;
};

} // namespace predecessors

BOOST_FIXTURE_TEST_SUITE(predecessors, StateFolder)

BOOST_AUTO_TEST_CASE(a_folder_that_another_process_uses_is_refused) {
  const Owner owner{state};
  const auto second = EmbeddedRedis::start(state);
  BOOST_REQUIRE(!second);
  BOOST_TEST(second.error().code == Errc::state_in_use);
  BOOST_TEST(second.error().detail.find(state) != std::string::npos);
  BOOST_TEST(second.error().detail.find("REDIS_URL") != std::string::npos);
  BOOST_TEST(ask(url, {"PING"}) == "PONG", "the first one was disturbed");
}

BOOST_AUTO_TEST_CASE(the_server_ends_when_its_owner_is_killed) {
  Owner owner{state};
  const Watched server{server_of(url)};
  owner.kill_hard();
  BOOST_TEST(server.ends());
}

BOOST_AUTO_TEST_CASE(nothing_is_lost_when_the_owner_is_killed) {
  Owner owner{state};
  ask(url, {"SET", "key", "kept"});
  owner.kill_hard();
  const auto next = EmbeddedRedis::start(state);
  BOOST_REQUIRE(next);
  BOOST_TEST(ask(url, {"GET", "key"}) == "kept");
}

BOOST_AUTO_TEST_CASE(nothing_is_lost_when_owner_and_server_are_killed) {
  Owner owner{state};
  ask(url, {"SET", "key", "kept"});
  const auto process = server_of(url);
  const Watched server{process};
  kill(process, SIGKILL);
  owner.kill_hard();
  BOOST_REQUIRE(server.ends());
  BOOST_TEST(std::filesystem::exists(state + "/redis/redis.sock"), "no socket is left over");
  const auto next = EmbeddedRedis::start(state);
  BOOST_REQUIRE(next);
  BOOST_TEST(ask(url, {"GET", "key"}) == "kept");
}

BOOST_AUTO_TEST_CASE(a_server_left_alive_is_ended_without_loss) {
  BOOST_REQUIRE(EmbeddedRedis::start(state)); // makes the folder
  const SparedServer spared{state};
  const Watched server{spared.process()};
  ask(url, {"SET", "key", "kept"});
  const auto next = EmbeddedRedis::start(state);
  BOOST_REQUIRE(next);
  BOOST_TEST(server.has_ended());
  BOOST_TEST(server_of(url) != spared.process());
  BOOST_TEST(ask(url, {"GET", "key"}) == "kept");
}

BOOST_AUTO_TEST_CASE(no_second_server_starts_while_one_still_writes) {
  BOOST_REQUIRE(EmbeddedRedis::start(state)); // makes the folder
  const SparedServer spared{state};
  const Watched server{spared.process()};
  ask(url, {"SET", "key", "kept"});
  kill(spared.process(), SIGSTOP); // as a slow disk would hold it up

  const auto refused = EmbeddedRedis::start(state, std::chrono::milliseconds{50});
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().code == Errc::redis_unavailable);
  BOOST_TEST(refused.error().detail.find(std::to_string(spared.process())) != std::string::npos);
  BOOST_TEST(!server.has_ended());

  kill(spared.process(), SIGCONT);
  const auto next = EmbeddedRedis::start(state);
  BOOST_REQUIRE(next);
  BOOST_TEST(server.has_ended());
  BOOST_TEST(ask(url, {"GET", "key"}) == "kept");
}

BOOST_AUTO_TEST_SUITE_END()
