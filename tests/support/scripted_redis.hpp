#pragma once

#include "core/config.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace gleaner::test {

/// Answers each command (our client begins with a SELECT) with the next of some lines, whatever was
/// asked, and then hangs up; on a
/// unix socket, one connection at a time. For answers that a real Redis gives at rare moments.
class ScriptedRedis {
public:
  explicit ScriptedRedis(std::vector<std::string> lines) : lines_(std::move(lines)) {
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = folder_ / "socket";
    std::copy(path.begin(), path.end(), address.sun_path);
    BOOST_REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    BOOST_REQUIRE(listen(listener_, 8) == 0);
    thread_ = std::thread{[this] { serve(); }};
  }
  ScriptedRedis(const ScriptedRedis&) = delete;
  ScriptedRedis& operator=(const ScriptedRedis&) = delete;
  ~ScriptedRedis() {
    shutdown(listener_, SHUT_RDWR); // ends accept()
    thread_.join();
    close(listener_);
  }

  RedisConfig config() const {
    RedisConfig config;
    config.url = "unix://" + (folder_ / "socket");
    return config;
  }

private:
  void serve() {
    std::size_t next = 0;
    for (int peer = 0; (peer = accept(listener_, nullptr, nullptr)) >= 0; close(peer)) {
      char command[4096]; // short ones arrive in one piece
      while (next < lines_.size() && recv(peer, command, sizeof command, 0) > 0) {
        const auto answer = lines_[next++] + "\r\n";
        send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
      }
    }
  }

  TemporaryFolder folder_;
  std::vector<std::string> lines_;
  int listener_ = -1;
  std::thread thread_;
};

} // namespace gleaner::test
