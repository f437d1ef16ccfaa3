#pragma once

#include "core/error.hpp"

#include <chrono>
#include <cstddef>
#include <span>
#include <string>

namespace gleaner::redis {

/// Hears what happens on clients' connections, whoever asked. Called on the clients' threads.
class RedisObserver {
public:
  virtual ~RedisObserver() = default;

  /// Which operation a command is, as answered() is told it.
  virtual std::size_t operation_of(std::span<const std::string> words) = 0;

  /// An answer came, or `ok` is false and none or an error did, so long after the command was
  /// handed in.
  virtual void answered(std::size_t operation, std::chrono::duration<double> took, bool ok) = 0;

  /// An error answer (but NOSCRIPT, which only asks for the script's text) or a refused login.
  virtual void refused(const Error& error) = 0;

  /// A connection that had broken is up again.
  virtual void reconnected() = 0;

  /// A connection was dropped because no answer came within the deadline: the other end may be gone
  /// without this one knowing.
  virtual void went_stale() = 0;
};

} // namespace gleaner::redis
