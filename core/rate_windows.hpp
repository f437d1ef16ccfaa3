#pragma once

#include "core/config.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace gleaner {

/// A window that is never reached, since another one allows less.
struct PointlessWindow {
  RateWindow window;
  RateWindow since;
};

/// The first of them, if any: windows that contradict each other are a mistake. @pre all lengths
/// are above 0 and at most some years
std::optional<PointlessWindow> find_pointless(std::vector<RateWindow> windows);

/// What the window allows in the long run.
inline double requests_a_second(const RateWindow& window) {
  return window.requests / std::chrono::duration<double>{window.period}.count();
}

/// A window as we keep to it: no stretch of length `watched` holds more than `requests`.
struct WatchedWindow {
  std::uint32_t requests = 0;
  std::chrono::milliseconds watched{0};
  std::chrono::milliseconds period{0}; ///< The API's; 0: ours alone, spreads another's requests.
};

/// How we keep to the API's windows, which count where requests arrive: each is watched for longer
/// than its length, because requests that leave evenly can arrive bunched (a new connection, a slow
/// network). The window that allows least in the long run by a hundredth, but at least 50 ms; the
/// others, which have room to spare, by up to half a second. The shortest one's requests, if they
/// are ten or more, are spread in addition: should the API have changed its mind, few find it out
/// at once.
std::vector<WatchedWindow> watch(const std::vector<RateWindow>& windows);

/// How late a permit may still be used: half of what the narrowest window is watched for in
/// addition; the other half is the network's.
std::chrono::milliseconds permit_tolerance(const std::vector<RateWindow>& windows);

/// What a process keeps to by itself, by its own clock: watch(), less what a permit may be late.
std::vector<WatchedWindow> watch_own(const std::vector<RateWindow>& windows);

/// Grants permits so that no stretch of any window's length holds more of them than the window
/// allows. Not thread-safe; time is an argument and never goes back.
class RateWindows {
public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// No windows: everything is granted. @pre every window allows at least one request
  explicit RateWindows(std::vector<WatchedWindow> windows);

  /// Zero when a permit was granted at `now`, else how long to wait before asking again.
  Duration acquire(Time now);

  /// How long until acquire() would grant one.
  Duration wait(Time now) const;

  /// How many permits more the window at this place would grant at `now`, were it the only one.
  std::size_t free_in(std::size_t place, Time now) const;

  /// From when on all windows are empty, unless more permits are granted.
  std::optional<Time> empty_from() const;

  /// Takes back the newest permit, because its request was never sent.
  void give_back();

private:
  Duration wait_for(const WatchedWindow& window, Time now) const;

  std::vector<WatchedWindow> windows_;
  std::deque<Time> granted_; ///< Oldest first, at most as many as the largest window counts.
  std::size_t largest_ = 0;
};

} // namespace gleaner
