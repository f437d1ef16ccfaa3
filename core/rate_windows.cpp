#include "core/rate_windows.hpp"

#include <algorithm>

namespace gleaner {

RateWindows::RateWindows(std::vector<RateWindow> windows) : windows_(std::move(windows)) {
  for (const auto& window : windows_)
    largest_ = std::max<std::size_t>(largest_, window.requests);
}

RateWindows::Duration RateWindows::slack(const RateWindow& window) {
  constexpr std::chrono::milliseconds arrival_jitter{50};
  return std::max<Duration>(arrival_jitter, window.period / 100);
}

RateWindows::Duration RateWindows::wait_for(const RateWindow& window, Time now) const {
  if (granted_.size() < window.requests)
    return Duration::zero();
  const auto oldest = granted_[granted_.size() - window.requests];
  return std::max(Duration::zero(), oldest + window.period + slack(window) - now);
}

RateWindows::Duration RateWindows::acquire(Time now) {
  auto wait = Duration::zero();
  for (const auto& window : windows_)
    wait = std::max(wait, wait_for(window, now));
  if (wait > Duration::zero() || windows_.empty())
    return wait;
  granted_.push_back(now);
  if (granted_.size() > largest_)
    granted_.pop_front();
  return wait;
}

void RateWindows::give_back() {
  if (!granted_.empty())
    granted_.pop_back();
}

std::size_t RateWindows::available(std::size_t index, Time now) const {
  const auto& window = windows_.at(index);
  const auto since = now - window.period - slack(window);
  const auto first = std::upper_bound(granted_.begin(), granted_.end(), since);
  const auto used = static_cast<std::size_t>(granted_.end() - first);
  return used < window.requests ? window.requests - used : 0;
}

} // namespace gleaner
