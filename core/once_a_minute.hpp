#pragma once

#include <atomic>
#include <chrono>

namespace gleaner {

/// For what may happen often and is to be told at most once a minute. Thread-safe.
class OnceAMinute {
public:
  using Time = std::chrono::steady_clock::time_point;

  /// Whether to tell of what happens at `now`.
  bool due(Time now) noexcept {
    auto next = next_.load();
    return now >= next && next_.compare_exchange_strong(next, now + std::chrono::minutes{1});
  }

private:
  std::atomic<Time> next_{Time::min()};
};

} // namespace gleaner
