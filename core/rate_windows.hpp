#pragma once

#include "core/config.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <vector>

namespace gleaner {

/// Grants permits so that no stretch of any window's length holds more of them than the window
/// allows, measured where the requests arrive: each window is watched for a little longer than its
/// length, because requests that leave evenly can arrive bunched. Not thread-safe; time is an
/// argument and never goes back.
class RateWindows {
public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// No windows: everything is granted. @pre every window allows at least one request
  explicit RateWindows(std::vector<RateWindow> windows);

  /// Zero when a permit was granted at `now`, else how long to wait before asking again.
  Duration acquire(Time now);

  /// Takes back the newest permit, because its request was never sent.
  void give_back();

  /// Permits that window `index` would grant at once.
  std::size_t available(std::size_t index, Time now) const;
  const std::vector<RateWindow>& windows() const noexcept { return windows_; }

  /// How much longer than its length a window is watched.
  static Duration slack(const RateWindow& window);

private:
  Duration wait_for(const RateWindow& window, Time now) const;

  std::vector<RateWindow> windows_;
  std::deque<Time> granted_; ///< Oldest first, at most as many as the largest window counts.
  std::size_t largest_ = 0;
};

} // namespace gleaner
