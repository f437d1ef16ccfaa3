#pragma once

#include "core/config.hpp"
#include "tests/support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace gleaner::test {

/// A redis-server of this test program's own, on a unix socket in a folder that goes with it.
class RedisServer {
public:
  RedisServer() {
    char pattern[] = "/tmp/gleaner-redis-XXXXXX";
    folder_ = mkdtemp(pattern);
    start();
  }
  ~RedisServer() {
    stop();
    std::filesystem::remove_all(folder_);
  }

  void start() {
    process_ = fork();
    if (process_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL); // also when a test crashes
      execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", socket().c_str(),
             "--save", "", "--appendonly", "no", "--daemonize", "no", "--logfile",
             (folder_ + "/log").c_str(), "--dir", folder_.c_str(), nullptr);
      _exit(127);
    }
    wait_until([this] { return takes_connections(); });
  }

  /// As a crash would.
  void stop() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    std::filesystem::remove(socket());
  }

  std::string socket() const { return folder_ + "/redis.sock"; }

  RedisConfig config() const {
    RedisConfig config;
    config.url = "unix://" + socket();
    config.command_timeout = std::chrono::seconds{5};
    return config;
  }

private:
  bool takes_connections() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket().copy(address.sun_path, sizeof address.sun_path - 1);
    const int probe = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const bool taken =
      connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(probe);
    return taken;
  }

  std::string folder_;
  pid_t process_ = -1;
};

/// One server for all cases of a program; each begins with an empty one.
inline RedisServer& shared_redis() {
  static RedisServer server;
  return server;
}

} // namespace gleaner::test
