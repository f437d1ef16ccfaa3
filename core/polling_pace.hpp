#pragma once

#include <algorithm>
#include <chrono>

namespace gleaner {

/// How long to pause between looks for work where nothing can wake us: short after work came, then
/// doubling, so that an idle worker costs few commands.
class PollingPace {
public:
  explicit PollingPace(std::chrono::milliseconds longest) : longest_(longest) {}

  /// The pause after a look that found nothing.
  std::chrono::milliseconds next() {
    const auto pause = std::min(pause_, longest_);
    pause_ = std::min(pause_ * 2, longest_);
    return pause;
  }
  void found_work() noexcept { pause_ = first; }

  static constexpr std::chrono::milliseconds first{200};

private:
  std::chrono::milliseconds longest_;
  std::chrono::milliseconds pause_ = first;
};

} // namespace gleaner
