#include "adapters/redis/socket.hpp"

#include "adapters/address/ip_address.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace gleaner::redis {

namespace {

using Clock = std::chrono::steady_clock;

Error no_redis_at(const std::string& place, const char* why) {
  return {Errc::redis_unavailable,
          "no Redis at " + place + ": " + why + "; start it, or check REDIS_URL"};
}

/// Connects; 0 or an errno. The descriptor must not block.
int connect_in_time(int descriptor, const sockaddr* address, socklen_t length,
                    Clock::time_point deadline) {
  if (connect(descriptor, address, length) == 0)
    return 0;
  if (errno != EINPROGRESS)
    return errno;
  if (!await_events(descriptor, POLLOUT, deadline))
    return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/// Answers are awaited, so nothing may be held back; a peer that is gone is noticed.
void tune(int descriptor) {
  const int on = 1, probe_after_s = 15, probe_every_s = 5, probes = 3;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &probe_after_s, sizeof probe_after_s);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, &probe_every_s, sizeof probe_every_s);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

bool within(Reach reach, const sockaddr& address) {
  switch (reach) {
  case Reach::this_machine:
    return address::is_loopback(address);
  case Reach::private_networks:
    return !address::is_public(address);
  case Reach::anywhere:
    return true;
  }
  return false;
}

Error out_of_reach(const std::string& place, const sockaddr& address) {
  return {Errc::usage, "Redis at " + place + " has the address " + address::to_text(address) +
                         ": password and jobs would travel there in clear; use rediss://, or "
                         "allow it by redis.plaintext"};
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

Result<int> connect_unix(const std::string& path, Clock::time_point deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return no_redis_at(path, std::strerror(ENAMETOOLONG));
  path.copy(address.sun_path, path.size());
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int error = connect_in_time(descriptor, reinterpret_cast<const sockaddr*>(&address),
                                    sizeof address, deadline);
  if (error == 0)
    return descriptor;
  close(descriptor);
  return no_redis_at(path, std::strerror(error));
}

/// Connects to one of an address's numbers; its descriptor, or -1 and an errno.
int connect_to(const addrinfo& numbers, Clock::time_point deadline) {
  const int descriptor =
    socket(numbers.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, numbers.ai_protocol);
  const int error = connect_in_time(descriptor, numbers.ai_addr, numbers.ai_addrlen, deadline);
  if (error == 0) {
    tune(descriptor);
    return descriptor;
  }
  close(descriptor);
  errno = error;
  return -1;
}

Result<int> connect_tcp(const RedisAddress& wanted, Reach reach, Clock::time_point deadline) {
  const auto place = place_of(wanted);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const auto port = std::to_string(wanted.port);
  if (const int failed = getaddrinfo(wanted.host.c_str(), port.c_str(), &hints, &list); failed != 0)
    return no_redis_at(place, gai_strerror(failed));
  const std::unique_ptr<addrinfo, FreeAddresses> addresses{list};
  auto failure = no_redis_at(place, std::strerror(EHOSTUNREACH));
  bool tried = false;
  for (const auto* each = list; each; each = each->ai_next) {
    if (!within(reach, *each->ai_addr)) {
      if (!tried)
        failure = out_of_reach(place, *each->ai_addr);
      continue;
    }
    tried = true;
    if (const int descriptor = connect_to(*each, deadline); descriptor >= 0)
      return descriptor;
    failure = no_redis_at(place, std::strerror(errno));
  }
  return failure;
}

} // namespace

bool await_events(int descriptor, short events, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd watched{descriptor, events, 0};
    const int found = poll(&watched, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 60000)));
    if (found > 0)
      return true;
    if (left <= 0)
      return false;
  }
}

std::string place_of(const RedisAddress& address) {
  if (!address.socket_path.empty())
    return address.socket_path;
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return (ipv6 ? '[' + address.host + ']' : address.host) + ':' + std::to_string(address.port);
}

Result<Socket> Socket::connect(const RedisAddress& address, Reach reach,
                               Clock::time_point deadline) {
  auto connected = address.socket_path.empty() ? connect_tcp(address, reach, deadline)
                                               : connect_unix(address.socket_path, deadline);
  if (!connected)
    return connected.error();
  return Socket{*connected, place_of(address)};
}

Socket::Socket(Socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), place_(std::move(other.place_)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(place_, other.place_);
  return *this;
}

Socket::~Socket() {
  if (descriptor_ >= 0)
    close(descriptor_);
}

short Socket::events(bool unsent) const noexcept {
  return unsent ? POLLIN | POLLOUT : POLLIN;
}

Result<std::size_t> Socket::read(std::span<char> buffer) {
  const auto count = recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (count > 0)
    return static_cast<std::size_t>(count);
  if (count == 0)
    return Error{Errc::redis_unavailable, "Redis at " + place_ + " closed the connection"};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
    return std::size_t{0};
  return Error{Errc::redis_unavailable, "Redis at " + place_ + ": " + std::strerror(errno)};
}

Result<std::size_t> Socket::write(std::string_view bytes) {
  const auto count = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0)
    return static_cast<std::size_t>(count);
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
    return std::size_t{0};
  return Error{Errc::redis_unavailable, "Redis at " + place_ + ": " + std::strerror(errno)};
}

} // namespace gleaner::redis
