#pragma once

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace gleaner::test {

/// What ScriptedHttp sends for a request, byte for byte.
struct HttpReply {
  enum class Then : std::uint8_t {
    keep,  ///< The connection waits for the next request.
    close, ///< The server hangs up.
    hold   ///< Nothing more comes, and the connection stays open until the server ends.
  };
  std::string bytes;
  Then then = Then::keep;
};

/// A reply with a true Content-Length; `headers` are whole lines.
inline HttpReply http_reply(const std::string& status, const std::string& body,
                            const std::string& headers = {}) {
  return {"HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
            headers + "\r\n" + body,
          HttpReply::Then::keep};
}

/// An HTTP/1.1 server on loopback that answers requests with exactly the bytes of a script, also
/// such as no server should send. A thread per connection.
class ScriptedHttp {
public:
  /// Makes the answer to a request, head and body; one call at a time.
  using Script = std::function<HttpReply(const std::string& request)>;

  explicit ScriptedHttp(Script script) : script_(std::move(script)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    BOOST_REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    BOOST_REQUIRE(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    BOOST_REQUIRE(listen(listener_, 128) == 0);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread{[this] { accept_all(); }};
  }
  ScriptedHttp(const ScriptedHttp&) = delete;
  ScriptedHttp& operator=(const ScriptedHttp&) = delete;
  ~ScriptedHttp() {
    shutdown(listener_, SHUT_RDWR); // ends accept()
    acceptor_.join();
    for (const auto& peer : peers_)
      shutdown(peer.socket, SHUT_RDWR); // ends recv()
    for (auto& peer : peers_) {
      peer.thread.join();
      ::close(peer.socket);
    }
    ::close(listener_);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v2"; }
  std::size_t connections() const {
    const std::lock_guard guard{mutex_};
    return peers_.size();
  }
  /// All requests, in the order in which they came.
  std::vector<std::string> requests() const {
    const std::lock_guard guard{mutex_};
    return requests_;
  }
  /// Waits until so many requests have come; false when that takes absurdly long.
  bool wait_for_requests(std::size_t count) {
    std::unique_lock guard{mutex_};
    return came_.wait_for(guard, std::chrono::seconds{60},
                          [&] { return requests_.size() >= count; });
  }

private:
  struct Peer {
    int socket = -1;
    std::thread thread;
  };

  void accept_all() {
    for (int peer = 0; (peer = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      const std::lock_guard guard{mutex_};
      peers_.push_back({peer, std::thread{[this, peer] { serve(peer); }}});
    }
  }

  /// Is the head there, and what its Content-Length promises?
  static bool is_whole(const std::string& request) {
    const auto end = request.find("\r\n\r\n");
    if (end == std::string::npos)
      return false;
    const auto length = request.find("Content-Length: ");
    const auto promised = length < end ? std::stoul(request.substr(length + 16)) : 0;
    return request.size() >= end + 4 + promised;
  }

  void serve(int peer) {
    std::string request;
    char piece[4096];
    for (ssize_t got = 0; (got = recv(peer, piece, sizeof piece, 0)) > 0;) {
      request.append(piece, static_cast<std::size_t>(got));
      const bool handshake = request.front() == 0x16; // of TLS: answered like a request
      if (!handshake && !is_whole(request))
        continue;
      const auto reply = answer(std::exchange(request, {}));
      for (std::size_t sent = 0; sent < reply.bytes.size();) {
        const auto now =
          send(peer, reply.bytes.data() + sent, reply.bytes.size() - sent, MSG_NOSIGNAL);
        if (now <= 0)
          return;
        sent += static_cast<std::size_t>(now);
      }
      if (reply.then == HttpReply::Then::close)
        shutdown(peer, SHUT_RDWR);
    }
  }

  HttpReply answer(const std::string& request) {
    const std::lock_guard guard{mutex_};
    requests_.push_back(request);
    came_.notify_all();
    return script_(request);
  }

  Script script_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::string> requests_;
  std::list<Peer> peers_;
  std::thread acceptor_;
};

} // namespace gleaner::test
