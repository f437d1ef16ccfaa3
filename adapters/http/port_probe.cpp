#include "adapters/http/port_probe.hpp"

#include "adapters/http/version_page.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

namespace gleaner::http {

namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

class Socket {
public:
  explicit Socket(const addrinfo& address)
      : fd_(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  ~Socket() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int get() const noexcept { return fd_; }

private:
  int fd_;
};

Addresses resolve(const std::string& listen, std::string& problem) {
  const auto colon = listen.rfind(':');
  auto host = colon == std::string::npos ? "" : listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const auto port = colon == std::string::npos ? "" : listen.substr(colon + 1);
  if (host.empty() || port.empty())
    problem = "it is not host:port";
  else if (const int code = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); code != 0)
    problem = gai_strerror(code);
  return {found, freeaddrinfo};
}

/// 0, or the error number.
int try_to_listen(const addrinfo& address) {
  const Socket socket{address};
  const int on = 1;
  if (socket.get() < 0 || setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(socket.get(), address.ai_addr, address.ai_addrlen) != 0 || listen(socket.get(), 1) != 0)
    return errno;
  return 0;
}

bool await(int fd, short events, std::chrono::steady_clock::time_point deadline) {
  const auto left =
    std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  pollfd state{fd, events, 0};
  return left.count() > 0 && poll(&state, 1, static_cast<int>(left.count())) == 1;
}

/// What whoever listens there answers to a request for /version; "" when it is nothing.
std::string ask_for_version(const addrinfo& address) {
  constexpr std::string_view request = "GET /version HTTP/1.0\r\n\r\n";
  constexpr std::size_t enough = 4096;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{1};
  const Socket socket{address};
  if (socket.get() < 0 ||
      (connect(socket.get(), address.ai_addr, address.ai_addrlen) != 0 && errno != EINPROGRESS) ||
      !await(socket.get(), POLLOUT, deadline) ||
      send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size()))
    return {};
  std::string answer;
  std::array<char, 1024> part;
  while (answer.size() < enough && await(socket.get(), POLLIN, deadline)) {
    const auto count = recv(socket.get(), part.data(), part.size(), 0);
    if (count <= 0)
      break;
    answer.append(part.data(), static_cast<std::size_t>(count));
  }
  return answer;
}

} // namespace

PortProbe probe_port(const std::string& listen) {
  std::string problem;
  const auto address = resolve(listen, problem);
  if (!address)
    return {PortProbe::Use::unusable, problem};
  const int error = try_to_listen(*address);
  if (error == 0)
    return {PortProbe::Use::free, ""};
  if (error != EADDRINUSE)
    return {PortProbe::Use::unusable, std::strerror(error)};
  const auto version = version_in(ask_for_version(*address));
  return version ? PortProbe{PortProbe::Use::gleaner, *version}
                 : PortProbe{PortProbe::Use::taken, ""};
}

} // namespace gleaner::http
