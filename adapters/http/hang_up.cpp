#include "adapters/http/hang_up.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace gleaner::http {

namespace {

using EndOf = int (*)(int, sockaddr*, socklen_t*);

/// 0 when the descriptor is no connection.
int port_of(int fd, EndOf end) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (end(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return 0;
  if (address.ss_family == AF_INET)
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  return address.ss_family == AF_INET6
           ? ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port)
           : 0;
}

} // namespace

void hang_up(int local_port, int remote_port) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd", error}) {
    const int fd = std::atoi(entry.path().filename().c_str());
    if (port_of(fd, getsockname) == local_port && port_of(fd, getpeername) == remote_port)
      shutdown(fd, SHUT_RDWR);
  }
}

} // namespace gleaner::http
