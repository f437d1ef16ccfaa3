#pragma once

#include "adapters/redis/command_inbox.hpp"
#include "adapters/redis/redis_error.hpp"
#include "adapters/redis/redis_observer.hpp"
#include "core/error.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace gleaner::redis {

/// What a client's thread does with the commands it was given. All but connected() on that thread.
/// Every command is answered once.
class RedisSession {
public:
  /// `observer`, if any, outlives the session.
  explicit RedisSession(RedisObserver* observer) : observer_(observer) {}
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
  RedisObserver* observer() const noexcept { return observer_; }

  std::size_t operation_of(std::span<const std::string> words) const {
    return observer_ ? observer_->operation_of(words) : 0;
  }
  /// Of a command that was handed in `patience` before its `deadline`.
  void tell_of_answer(std::size_t operation, std::chrono::steady_clock::time_point deadline,
                      std::chrono::milliseconds patience, bool ok) const {
    if (observer_)
      observer_->answered(operation, std::chrono::steady_clock::now() - (deadline - patience), ok);
  }
  /// An answer as the command's caller gets it.
  Result<RedisValue> result_of(RedisValue value) const {
    auto result = to_result(std::move(value));
    if (!result)
      tell_of_refusal(result.error());
    return result;
  }
  /// Of errors that Redis did not answer with there is nothing to tell.
  void tell_of_refusal(const Error& error) const {
    const bool answered = error.code == Errc::redis_refused || error.code == Errc::redis_denied;
    if (observer_ && answered && !error.detail.starts_with("NOSCRIPT"))
      observer_->refused(error);
  }

private:
  RedisObserver* observer_;
  std::atomic<bool> connected_{false};
};

} // namespace gleaner::redis
