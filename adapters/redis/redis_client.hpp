#pragma once

#include "adapters/redis/redis_value.hpp"
#include "core/config.hpp"
#include "core/result.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gleaner::redis {

using RedisReply = std::function<void(Result<RedisValue>)>;

/// One connection to Redis on a thread of its own. Commands are pipelined: whatever was submitted
/// while the thread was busy goes out in one write. Replies come in order, on that thread, exactly
/// once. Connects on first use and again (with growing, jittered pauses of at most 5 s) after a
/// loss; while there is no connection commands fail at once with Errc::redis_unavailable, and so do
/// those in flight when it breaks. An error answer arrives as redis_refused, or redis_denied for
/// NOAUTH, WRONGPASS and NOPERM, with Redis's text as detail. Thread-safe.
///
/// With a URL of the REST form (is_rest_url) all this holds but the connection: pipelines go as
/// HTTP requests, and the server refuses commands that block or belong to a connection.
class RedisClient {
public:
  using Preamble = std::vector<std::vector<std::string>>;

  /// `connection_name` (but over REST) is set by CLIENT SETNAME on every (re)connect unless it is
  /// empty; then the commands of `preamble` go out before all others. Their answers are ignored.
  RedisClient(const RedisConfig& config, std::string connection_name, Preamble preamble = {});
  ~RedisClient(); ///< Fails what is pending and joins the thread.
  RedisClient(const RedisClient&) = delete;
  RedisClient& operator=(const RedisClient&) = delete;

  /// Arguments go out as they are, so a value can't inject a command. `deadline` (default: the
  /// configured command timeout) bounds the time from now to the answer; past it the connection is
  /// dropped as stale. A blocking command needs one longer than its own timeout.
  void submit(std::vector<std::string> args, RedisReply reply,
              std::optional<std::chrono::milliseconds> deadline = std::nullopt);

  /// submit() and wait; not from a reply.
  Result<RedisValue> call(std::vector<std::string> args,
                          std::optional<std::chrono::milliseconds> deadline = std::nullopt);

  /// Drops the connection, so that a blocking command in flight fails at once; reconnects on the
  /// next submit.
  void interrupt();

  bool connected() const noexcept;

  /// Whether the server takes commands that block.
  bool can_block() const noexcept;

private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace gleaner::redis
