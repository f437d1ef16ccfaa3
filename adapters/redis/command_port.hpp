#pragma once

#include "adapters/redis/redis_value.hpp"
#include "core/result.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gleaner::redis {

using RedisReply = std::function<void(Result<RedisValue>)>;

/// Where commands for one Redis go in and come back answered: RedisClient, or what stands for a
/// Redis in a simulation. Answers come in the order of the commands, each exactly once.
class CommandPort {
public:
  virtual ~CommandPort() = default;

  /// Returns at once. Arguments go out as they are, so a value can't inject a command. `deadline`
  /// (default: the configured command timeout) is for how long nothing may come while this answer
  /// is due, from now on; then the connection is dropped as stale. Whatever comes of earlier
  /// answers puts that off, so a slow link isn't taken for a dead one. A blocking command needs a
  /// deadline longer than its own timeout.
  virtual void submit(std::vector<std::string> args, RedisReply reply,
                      std::optional<std::chrono::milliseconds> deadline = std::nullopt) = 0;

  /// Drops the connection, so that a blocking command in flight fails at once; reconnects on the
  /// next submit.
  virtual void interrupt() = 0;

  virtual bool connected() const noexcept = 0;

  /// Whether the server takes commands that block.
  virtual bool can_block() const noexcept = 0;

  /// submit() and wait; not from a reply.
  Result<RedisValue> call(std::vector<std::string> args,
                          std::optional<std::chrono::milliseconds> deadline = std::nullopt);
};

} // namespace gleaner::redis
