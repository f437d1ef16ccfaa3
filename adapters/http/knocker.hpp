#pragma once

#include <sys/socket.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace gleaner::http {

/// Connects to a listener of ours every few ms while it lives. civetweb's thread looks whether it
/// is to stop when somebody comes, else only every 2 s, and a worker's end must not take that long.
class Knocker {
public:
  /// `listen` is host:port as in the settings, `port` what became of it. A host that is no address
  /// of numbers gets no knock.
  Knocker(const std::string& listen, int port);
  ~Knocker();
  Knocker(const Knocker&) = delete;
  Knocker& operator=(const Knocker&) = delete;

private:
  void knock_on();
  void knock() const;

  sockaddr_storage address_{};
  socklen_t length_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
  std::thread thread_;
};

} // namespace gleaner::http
