#pragma once

#include "adapters/embedded/embedded_redis.hpp"
#include "adapters/redis/redis_client.hpp"
#include "tests/support/print_error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace gleaner::test {

using embedded::EmbeddedRedis;
using Words = std::vector<std::string>;

/// Redis's answer to one command, as text; "" when there is none.
inline std::string ask(const std::string& url, const Words& words) {
  RedisConfig config;
  config.url = url;
  redis::RedisClient client{config, ""};
  const auto reply = client.call(words);
  return reply ? reply->text : "";
}

inline pid_t server_of(const std::string& url) {
  const std::string name = "process_id:";
  const auto info = ask(url, {"INFO", "server"});
  const auto at = info.find(name);
  BOOST_REQUIRE(at != std::string::npos);
  return std::stoi(info.substr(at + name.size()));
}

/// Any process, child or not.
class Watched {
public:
  explicit Watched(pid_t process)
      : descriptor_(static_cast<int>(syscall(SYS_pidfd_open, process, 0))) {
    BOOST_REQUIRE(descriptor_ >= 0);
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;
  ~Watched() { close(descriptor_); }
  bool ends() const { return poll_for(20000); }
  bool has_ended() const { return poll_for(0); }

private:
  bool poll_for(int milliseconds) const {
    pollfd events{descriptor_, POLLIN, 0};
    return poll(&events, 1, milliseconds) == 1;
  }
  int descriptor_;
};

/// A process of its own that runs an embedded Redis until it is killed.
class Owner {
public:
  explicit Owner(const std::string& state_folder) {
    int ready[2];
    BOOST_REQUIRE(pipe(ready) == 0);
    process_ = fork();
    if (process_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      const auto server = EmbeddedRedis::start(state_folder);
      if (server && write(ready[1], "r", 1) == 1)
        pause();
      _exit(1);
    }
    close(ready[1]);
    char answer = 0;
    const auto got = read(ready[0], &answer, 1);
    close(ready[0]);
    BOOST_REQUIRE_EQUAL(got, 1);
  }
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  ~Owner() { kill_hard(); }

  void kill_hard() {
    if (process_ < 0)
      return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = -1;
  }

private:
  pid_t process_ = -1;
};

struct StateFolder {
  TemporaryFolder folder;
  std::string state = folder / "state";
  std::string url = embedded::embedded_url(state);
};

} // namespace gleaner::test
