#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace gleaner {

/// Tells steps of a wall clock by a steady one.
class ClockWatch {
public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  /// How far the wall clock, in ms since the epoch, has gone ahead (or, negative, fallen back)
  /// beyond what has passed since the last call; nothing on the first call and up to `tolerance`.
  std::optional<std::chrono::milliseconds> step(std::int64_t wall_ms, SteadyTime now) {
    using std::chrono::milliseconds;
    const auto passed = std::chrono::duration_cast<milliseconds>(now - last_now_);
    const auto step = milliseconds{wall_ms - last_wall_ms_} - passed;
    const bool first = !started_;
    started_ = true;
    last_wall_ms_ = wall_ms;
    last_now_ = now;
    if (first || std::chrono::abs(step) <= tolerance)
      return std::nullopt;
    return step;
  }

  static constexpr std::chrono::milliseconds tolerance{1000};

private:
  bool started_ = false;
  std::int64_t last_wall_ms_ = 0;
  SteadyTime last_now_;
};

} // namespace gleaner
