#pragma once

#include "adapters/redis/reconnect_pause.hpp"
#include "adapters/redis/redis_connection.hpp"
#include "adapters/redis/redis_session.hpp"

#include <deque>
#include <optional>
#include <string>

namespace gleaner::redis {

/// One connection in Redis's own protocol, over TCP, TLS or a unix socket.
class SocketSession : public RedisSession {
public:
  SocketSession(RedisConfig config, RedisAddress address, std::string name, ServerScripts scripts,
                RedisObserver* observer)
      : RedisSession(observer), config_(std::move(config)), address_(std::move(address)),
        name_(std::move(name)), scripts_(std::move(scripts)) {}

  void send(std::vector<Command> commands) override;
  void await_events(CommandInbox& inbox) override;
  void drop(const Error& why) override;

private:
  struct Awaited {
    RedisReply reply;
    std::chrono::steady_clock::time_point deadline;
    std::chrono::milliseconds patience;
    std::size_t operation;
  };
  bool connect(Error& why);
  void handle_events();
  void lose(const Error& why);
  std::chrono::steady_clock::time_point stale_at() const;
  int poll_timeout_ms() const;

  RedisConfig config_;
  RedisAddress address_;
  std::string name_;
  ServerScripts scripts_;
  std::optional<RedisConnection> connection_;
  std::deque<Awaited> awaited_;                    ///< In the order of sending.
  std::chrono::steady_clock::time_point heard_at_; ///< Something came last.
  bool unsent_ = false;
  bool lost_ = false; ///< The last connection broke.
  ReconnectClock reconnect_;
  Error last_failure_{Errc::redis_unavailable, "not connected"};
};

} // namespace gleaner::redis
