#pragma once

#include "core/error.hpp"

namespace gleaner::redis {

/// Hears what happens on clients' connections, whoever asked. Called on the clients' threads, for
/// errors only.
class RedisObserver {
public:
  virtual ~RedisObserver() = default;

  /// An error answer (but NOSCRIPT, which only asks for the script's text) or a refused login.
  virtual void refused(const Error& error) = 0;

  /// A connection that had broken is up again.
  virtual void reconnected() = 0;

  /// A connection was dropped because no answer came within the deadline: the other end may be gone
  /// without this one knowing.
  virtual void went_stale() = 0;
};

} // namespace gleaner::redis
