#pragma once

#include <atomic>
#include <chrono>

namespace gleaner {

/// Tells whether actors still run: one of them beats every few seconds. From any thread.
class Heartbeat {
public:
  static constexpr std::chrono::seconds longest_silence{60};

  void beat() noexcept { last_ = Clock::now(); }

  /// There was a beat, or this was made, within the longest silence.
  bool alive() const noexcept { return Clock::now() - last_.load() < longest_silence; }

private:
  using Clock = std::chrono::steady_clock;
  std::atomic<Clock::time_point> last_{Clock::now()};
};

} // namespace gleaner
