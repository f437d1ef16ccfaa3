#include "core/rate_windows.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace gleaner {

namespace {

using std::chrono::milliseconds;

/// Time that the window takes for one request in the long run, in ms.
double spacing(const RateWindow& window) {
  return static_cast<double>(window.period.count()) / window.requests;
}

milliseconds slack(const RateWindow& window, double widest_spacing) {
  constexpr milliseconds least{50}, most_to_spare{500};
  const auto usual = std::max(least, window.period / 100);
  const auto room = widest_spacing * window.requests - static_cast<double>(window.period.count());
  const auto to_spare = std::min(most_to_spare, milliseconds{static_cast<std::int64_t>(room / 2)});
  return std::max(usual, to_spare);
}

double widest_spacing(const std::vector<RateWindow>& windows) {
  double widest = 0;
  for (const auto& window : windows)
    widest = std::max(widest, spacing(window));
  return widest;
}

/// A fifth of the shortest window's requests in a fifth of its time.
std::vector<WatchedWindow> watch_bursts(const std::vector<WatchedWindow>& windows) {
  constexpr std::uint32_t parts = 5, least = 2;
  const auto shortest =
    std::min_element(windows.begin(), windows.end(),
                     [](const auto& a, const auto& b) { return a.watched < b.watched; });
  if (shortest == windows.end() || shortest->requests < parts * least)
    return {};
  return {{shortest->requests / parts, shortest->watched / parts, milliseconds{0}}};
}

} // namespace

std::optional<PointlessWindow> find_pointless(std::vector<RateWindow> windows) {
  std::sort(windows.begin(), windows.end(),
            [](const auto& a, const auto& b) { return a.period < b.period; });
  for (auto longer = windows.begin(); longer != windows.end(); ++longer)
    for (auto shorter = windows.begin(); shorter != longer; ++shorter) {
      if (longer->requests < shorter->requests)
        return PointlessWindow{*shorter, *longer};
      const auto times = (longer->period + shorter->period - milliseconds{1}) / shorter->period;
      if (longer->requests > times * shorter->requests)
        return PointlessWindow{*longer, *shorter};
    }
  return std::nullopt;
}

std::vector<WatchedWindow> watch(const std::vector<RateWindow>& windows) {
  const auto widest = widest_spacing(windows);
  std::vector<WatchedWindow> watched;
  for (const auto& window : windows)
    watched.push_back({window.requests, window.period + slack(window, widest), window.period});
  for (const auto& window : watch_bursts(watched))
    watched.push_back(window);
  return watched;
}

milliseconds permit_tolerance(const std::vector<RateWindow>& windows) {
  const auto widest = widest_spacing(windows);
  milliseconds least{2000}; // without windows there is no pace to keep
  for (const auto& window : windows)
    least = std::min(least, slack(window, widest));
  return least / 2;
}

std::vector<WatchedWindow> watch_own(const std::vector<RateWindow>& windows) {
  auto watched = watch(windows);
  for (auto& window : watched)
    window.watched -= permit_tolerance(windows);
  return watched;
}

RateWindows::RateWindows(std::vector<WatchedWindow> windows) : windows_(std::move(windows)) {
  for (const auto& window : windows_)
    largest_ = std::max<std::size_t>(largest_, window.requests);
}

RateWindows::Duration RateWindows::wait_for(const WatchedWindow& window, Time now) const {
  if (granted_.size() < window.requests)
    return Duration::zero();
  const auto oldest = granted_[granted_.size() - window.requests];
  return std::max(Duration::zero(), oldest + window.watched - now);
}

RateWindows::Duration RateWindows::wait(Time now) const {
  auto wait = Duration::zero();
  for (const auto& window : windows_)
    wait = std::max(wait, wait_for(window, now));
  return wait;
}

RateWindows::Duration RateWindows::acquire(Time now) {
  const auto wait = this->wait(now);
  if (wait > Duration::zero() || windows_.empty())
    return wait;
  granted_.push_back(now);
  if (granted_.size() > largest_)
    granted_.pop_front();
  return wait;
}

std::size_t RateWindows::free_in(std::size_t place, Time now) const {
  const auto& window = windows_.at(place);
  const auto first = std::upper_bound(granted_.begin(), granted_.end(), now - window.watched);
  const auto used = static_cast<std::size_t>(granted_.end() - first);
  return window.requests - std::min<std::size_t>(window.requests, used);
}

std::optional<RateWindows::Time> RateWindows::empty_from() const {
  if (granted_.empty())
    return std::nullopt;
  Duration longest{0};
  for (const auto& window : windows_)
    longest = std::max<Duration>(longest, window.watched);
  return granted_.back() + longest;
}

void RateWindows::give_back() {
  if (!granted_.empty())
    granted_.pop_back();
}

} // namespace gleaner
