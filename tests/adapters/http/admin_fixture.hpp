#pragma once

#include "adapters/http/admin_server.hpp"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gleaner::test {

/// A TCP connection to a port of loopback that says and hears plain bytes.
class RawPeer {
public:
  explicit RawPeer(int port, int family = AF_INET) : socket_(socket(family, SOCK_STREAM, 0)) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<std::uint16_t>(port));
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = v4.sin_port;
    v6.sin6_addr = in6addr_loopback;
    const timeval patience{60, 0}; // fails a case that would hang
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected = family == AF_INET
                  ? connect(socket_, reinterpret_cast<sockaddr*>(&v4), sizeof v4) == 0
                  : connect(socket_, reinterpret_cast<sockaddr*>(&v6), sizeof v6) == 0;
  }
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;
  ~RawPeer() { close(socket_); }

  /// A server that does not take it shows in what it answers.
  void say(const std::string& text) {
    (void)!send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
  }
  /// All bytes until the server hangs up; `hung_up` says that it did.
  std::string hear() {
    std::string all;
    char piece[4096];
    ssize_t got = 0;
    while ((got = recv(socket_, piece, sizeof piece, 0)) > 0)
      all.append(piece, static_cast<std::size_t>(got));
    hung_up = got == 0 || errno == ECONNRESET;
    return all;
  }

  bool connected = false;
  bool hung_up = false;

private:
  int socket_ = -1;
};

/// A listener on a free port of loopback and what its routes say.
struct AdminFixture {
  struct Answer {
    int status = 0;
    std::string head; ///< Lines end in \r\n.
    std::string body;
    bool has(const std::string& line) const {
      return head.find("\r\n" + line + "\r\n") != std::string::npos;
    }
  };

  void start(const std::string& listen = "127.0.0.1:0") {
    auto started = try_start(listen);
    BOOST_REQUIRE(bool(started));
    server = std::move(*started);
  }
  Result<std::unique_ptr<http::AdminServer>> try_start(const std::string& listen) {
    http::AdminRoutes routes;
    routes.registry = registry;
    routes.alive = [this] { return alive.load(); };
    routes.checks = [this] {
      ++looks;
      return checks;
    };
    routes.version = "1.2.3";
    return http::AdminServer::start(HttpConfig{listen}, std::move(routes));
  }

  Answer ask(const std::string& method, const std::string& target, int family = AF_INET) {
    if (!server)
      start();
    RawPeer peer{server->port(), family};
    BOOST_REQUIRE(peer.connected);
    peer.say(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const auto text = peer.hear();
    BOOST_TEST(peer.hung_up);
    const auto end = text.find("\r\n\r\n");
    BOOST_REQUIRE(end != std::string::npos);
    BOOST_REQUIRE(text.starts_with("HTTP/1.1 "));
    return {std::stoi(text.substr(9)), text.substr(0, end + 2), text.substr(end + 4)};
  }
  Answer get(const std::string& target) { return ask("GET", target); }

  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  std::atomic<bool> alive{true};
  std::atomic<int> looks{0}; ///< Calls of routes.checks.
  std::vector<http::ReadinessCheck> checks{{"redis", true, ""}, {"worker", true, ""}};
  std::unique_ptr<http::AdminServer> server; ///< The first to go: it calls the others.
};

} // namespace gleaner::test
