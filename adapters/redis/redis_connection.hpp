#pragma once

#include "adapters/redis/redis_url.hpp"
#include "adapters/redis/redis_value.hpp"
#include "core/result.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct redisContext;

namespace gleaner::redis {

/// What an error answer means; `text` is Redis's own.
Error to_error(const std::string& text);

/// One logged-in, non-blocking connection. Not thread-safe. After an error it is to be thrown away.
class RedisConnection {
public:
  /// Connects, logs in and sends `preamble`, whose answers are ignored. Blocks for at most
  /// `timeout` to connect and again for each answer. Errc::redis_unavailable, redis_denied, or
  /// redis_refused when what answers is no Redis.
  static Result<RedisConnection> open(const RedisAddress& address, const std::string& name,
                                      std::span<const std::vector<std::string>> preamble,
                                      std::chrono::milliseconds timeout);

  void append(std::span<const std::string> args);

  /// Sends as much as the socket takes; `all_sent` says whether that was everything.
  Status flush(bool& all_sent);

  /// Reads what has arrived and hands over the complete answers, in order.
  Status receive(const std::function<void(RedisValue)>& answer);

  int descriptor() const noexcept;

private:
  struct Free {
    void operator()(redisContext* context) const;
  };
  explicit RedisConnection(redisContext* context) : context_(context) {}
  Status log_in(const RedisAddress& address, const std::string& name,
                std::span<const std::vector<std::string>> preamble);
  Status read_ok();

  std::unique_ptr<redisContext, Free> context_;
};

} // namespace gleaner::redis
