#pragma once

#include <chrono>
#include <random>

namespace gleaner::redis {

/// The pause after so many failures in a row to connect: anything up to a bound that doubles from
/// 50 ms to 5 s, for a fleet must not come back in one stampede. `random` is in [0, 1).
std::chrono::milliseconds reconnect_pause(unsigned failures, double random);

/// When to try to connect again.
class ReconnectClock {
public:
  using Clock = std::chrono::steady_clock;

  bool is_due(Clock::time_point now) const noexcept { return now >= next_; }
  void succeeded() noexcept { failures_ = 0; }
  void failed(Clock::time_point now) {
    next_ = now + reconnect_pause(++failures_, std::generate_canonical<double, 32>(random_));
  }

private:
  unsigned failures_ = 0;
  Clock::time_point next_{};
  std::minstd_rand random_{std::random_device{}()};
};

} // namespace gleaner::redis
