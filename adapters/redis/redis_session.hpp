#pragma once

#include "adapters/redis/command_inbox.hpp"
#include "core/error.hpp"

#include <atomic>
#include <vector>

namespace gleaner::redis {

/// What a client's thread does with the commands it was given. All but connected() on that thread.
/// Every command is answered once.
class RedisSession {
public:
  virtual ~RedisSession() = default;

  /// Takes commands over, and fails them at once while there is no connection.
  virtual void send(std::vector<Command> commands) = 0;

  /// Sleeps until `inbox` holds something or there is something to do, and does that.
  virtual void await_events(CommandInbox& inbox) = 0;

  /// Ends the connection and fails everything under way.
  virtual void drop(const Error& why) = 0;

  bool connected() const noexcept { return connected_; }

protected:
  void set_connected(bool connected) noexcept { connected_ = connected; }

private:
  std::atomic<bool> connected_{false};
};

} // namespace gleaner::redis
