#pragma once

#include "adapters/redis/redis_url.hpp"
#include "adapters/redis/transport.hpp"
#include "core/result.hpp"

#include <string>

namespace gleaner::redis {

/// How far a connection may go: not at all, through private networks, or anywhere.
enum class Reach { this_machine, private_networks, anywhere };

/// A connected TCP or unix socket: the transport without encryption.
class Socket : public Transport {
public:
  /// Tries all addresses of the host within reach. Errc::redis_unavailable when none accepts in
  /// time, usage when it has no other than those out of reach.
  static Result<Socket> connect(const RedisAddress& address, Reach reach,
                                std::chrono::steady_clock::time_point deadline);
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;
  ~Socket() override;

  Result<std::size_t> read(std::span<char> buffer) override;
  Result<std::size_t> write(std::string_view bytes) override;
  int descriptor() const noexcept override { return descriptor_; }
  short events(bool unsent) const noexcept override;

  /// Which server it leads to, for people.
  const std::string& place() const noexcept { return place_; }

private:
  Socket(int descriptor, std::string place) : descriptor_(descriptor), place_(std::move(place)) {}

  int descriptor_ = -1;
  std::string place_;
};

/// "host:port" or the path of the socket.
std::string place_of(const RedisAddress& address);

} // namespace gleaner::redis
