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
  /// (default: the configured command timeout) bounds the time from now to the answer; past it the
  /// connection is dropped as stale. A blocking command needs one longer than its own timeout.
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
