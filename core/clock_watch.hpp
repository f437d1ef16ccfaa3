#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace gleaner {

/// Tells steps of a wall clock by a steady one.
class ClockWatch {
public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  /// How far the wall clock, in ms since the epoch, has gone ahead (or, negative, fallen back)
  /// beyond what can have passed since the last call; nothing on the first call and up to
  /// `tolerance`. It was read at some time from `asked` to `heard`: another machine's answer may
  /// have been long on its way.
  std::optional<std::chrono::milliseconds> step(std::int64_t wall_ms, SteadyTime asked,
                                                SteadyTime heard) {
    using std::chrono::milliseconds;
    const auto gone = milliseconds{wall_ms - last_wall_ms_};
    const auto least = std::chrono::duration_cast<milliseconds>(asked - last_heard_);
    const auto most = std::chrono::duration_cast<milliseconds>(heard - last_asked_);
    const auto step = gone > most ? gone - most : std::min(gone - least, milliseconds{0});
    const bool first = !started_;
    started_ = true;
    last_wall_ms_ = wall_ms;
    last_asked_ = asked;
    last_heard_ = heard;
    if (first || std::chrono::abs(step) <= tolerance)
      return std::nullopt;
    return step;
  }

  /// As above, of a clock that is read at once.
  std::optional<std::chrono::milliseconds> step(std::int64_t wall_ms, SteadyTime now) {
    return step(wall_ms, now, now);
  }

  static constexpr std::chrono::milliseconds tolerance{1000};

private:
  bool started_ = false;
  std::int64_t last_wall_ms_ = 0;
  SteadyTime last_asked_, last_heard_;
};

} // namespace gleaner
