#pragma once

#include "adapters/redis/redis_url.hpp"
#include "adapters/redis/redis_value.hpp"
#include "adapters/redis/resp_reader.hpp"
#include "adapters/redis/server_script.hpp"
#include "adapters/redis/transport.hpp"
#include "core/config.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gleaner::redis {

/// One logged-in, non-blocking connection, encrypted or not. Not thread-safe. After an error it is
/// to be thrown away.
class RedisConnection {
public:
  /// Connects, logs in and loads those of `scripts` that the server lacks, which is no error if
  /// refused. Blocks for at most `config.connect_timeout` to connect and again for
  /// each answer. Errc::redis_unavailable, redis_denied, or redis_refused when what answers is no
  /// Redis or can't be trusted; usage when a file of the settings can't be used or
  /// `config.plaintext` forbids the way there.
  static Result<RedisConnection> open(const RedisAddress& address, const RedisConfig& config,
                                      const std::string& name, const ServerScripts& scripts);

  void append(std::span<const std::string> args);

  /// Sends as much as the transport takes; `all_sent` says whether that was everything.
  Status flush(bool& all_sent);

  /// Reads what has arrived and hands over the complete answers, in order.
  Status receive(const std::function<void(RedisValue)>& answer);

  /// Of the answers, since the connection was opened.
  std::uint64_t received_bytes() const noexcept { return received_bytes_; }

  int descriptor() const noexcept { return transport_->descriptor(); }
  short events(bool unsent) const noexcept { return transport_->events(unsent); }

private:
  RedisConnection(std::unique_ptr<Transport> transport, std::string place)
      : transport_(std::move(transport)), place_(std::move(place)) {}
  Status log_in(const RedisAddress& address, const std::string& name,
                std::chrono::milliseconds timeout);
  Status load(const ServerScripts& scripts, std::chrono::milliseconds timeout);
  Result<RedisValue> read_answer(std::chrono::milliseconds timeout);
  Status read_more(bool& more);
  Error not_redis() const;
  Error refused_login(Error error, const RedisAddress& address) const;

  std::unique_ptr<Transport> transport_;
  std::string place_;
  RespReader reader_;
  std::string unsent_;
  std::size_t sent_ = 0; ///< Bytes of unsent_ that have gone.
  std::uint64_t received_bytes_ = 0;
  char first_ = '\0'; ///< Byte of the stream: tells what answers.
};

} // namespace gleaner::redis
