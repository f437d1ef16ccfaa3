#include "adapters/http/knocker.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstring>

namespace gleaner::http {

namespace {

constexpr std::chrono::milliseconds pause_between{5};

/// Its length, or 0 when `host` is no numeric address. The address for all interfaces reaches this
/// machine.
socklen_t parse(const std::string& host, std::uint16_t port, sockaddr_storage& address) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    std::memcpy(&address, &v4, sizeof(v4));
    return sizeof(v4);
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed &&
      ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6.sin6_addr) == 1) {
    std::memcpy(&address, &v6, sizeof(v6));
    return sizeof(v6);
  }
  return 0;
}

} // namespace

Knocker::Knocker(const std::string& listen, int port)
    : length_(
        parse(listen.substr(0, listen.rfind(':')), static_cast<std::uint16_t>(port), address_)) {
  if (length_ > 0)
    thread_ = std::thread{[this] { knock_on(); }};
}

Knocker::~Knocker() {
  {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable())
    thread_.join();
}

void Knocker::knock_on() {
  std::unique_lock lock{mutex_};
  while (!stopped_) {
    knock();
    changed_.wait_for(lock, pause_between, [this] { return stopped_; });
  }
}

void Knocker::knock() const {
  const int fd = ::socket(address_.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return;
  // Whether it succeeds does not matter: later it is refused, and then nobody is left to be woken.
  (void)::connect(fd, reinterpret_cast<const sockaddr*>(&address_), length_);
  ::close(fd);
}

} // namespace gleaner::http
