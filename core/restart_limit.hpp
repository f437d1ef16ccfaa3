#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

namespace gleaner {

/// How often a part that died is started again before its process gives up.
class RestartLimit {
public:
  using Time = std::chrono::steady_clock::time_point;

  static constexpr std::size_t most = 5; ///< Within any `span`.
  static constexpr std::chrono::minutes span{1};

  /// Whether one more may follow at `now`; it counts from then on if so.
  bool allows(Time now) {
    while (!starts_.empty() && starts_.front() <= now - span)
      starts_.pop_front();
    if (starts_.size() >= most)
      return false;
    starts_.push_back(now);
    return true;
  }

private:
  std::deque<Time> starts_;
};

} // namespace gleaner
