#pragma once

#include "adapters/redis/command_port.hpp"
#include "adapters/redis/redis_observer.hpp"
#include "adapters/redis/server_script.hpp"
#include "core/config.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gleaner::redis {

/// One connection to Redis on a thread of its own. Commands are pipelined: whatever was submitted
/// while the thread was busy goes out in one write. Replies come in order, on that thread, exactly
/// once. Connects on first use and again (with growing, jittered pauses of at most 5 s) after a
/// loss; while there is no connection commands fail at once with Errc::redis_unavailable, and so do
/// those in flight when it breaks. An error answer arrives as redis_refused, or redis_denied for
/// NOAUTH, WRONGPASS and NOPERM, with Redis's text as detail. Thread-safe.
///
/// With a URL of the REST form (is_rest_url) all this holds but the connection: pipelines go as
/// HTTP requests, and the server refuses commands that block or belong to a connection.
class RedisClient final : public CommandPort {
public:
  /// `connection_name` (but over REST) is set by CLIENT SETNAME on every (re)connect unless it is
  /// empty; then the server gets those of `scripts` that it lacks, before all commands. `observer`,
  /// if any, outlives the client.
  RedisClient(const RedisConfig& config, std::string connection_name, ServerScripts scripts = {},
              RedisObserver* observer = nullptr);
  ~RedisClient() override; ///< Fails what is pending and joins the thread.
  RedisClient(const RedisClient&) = delete;
  RedisClient& operator=(const RedisClient&) = delete;

  void submit(std::vector<std::string> args, RedisReply reply,
              std::optional<std::chrono::milliseconds> deadline = std::nullopt) override;
  void interrupt() override;
  bool connected() const noexcept override;
  bool can_block() const noexcept override;

private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace gleaner::redis
