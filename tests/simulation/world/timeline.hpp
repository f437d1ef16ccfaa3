#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace gleaner::simulation {

/// The one time that passes in a world, and what is to happen in it outside of the actors. Nothing
/// happens by itself.
class Timeline {
public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  Time now() const { return now_; }
  std::chrono::microseconds since_start() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(now_ - start());
  }

  void at(Time time, std::function<void()> event) {
    events_.emplace(std::pair{std::max(time, now_), next_number_++}, std::move(event));
  }
  void after(Duration delay, std::function<void()> event) { at(now_ + delay, std::move(event)); }

  std::optional<Time> next() const {
    return events_.empty() ? std::nullopt : std::optional{events_.begin()->first.first};
  }
  void advance_to(Time time) { now_ = std::max(now_, time); }

  /// Lets the first event that is due happen; false when there is none.
  bool run_one() {
    if (events_.empty() || events_.begin()->first.first > now_)
      return false;
    const auto event = std::move(events_.begin()->second);
    events_.erase(events_.begin());
    event();
    return true;
  }

  static Time start() { return Time{std::chrono::hours{1}}; }

private:
  Time now_ = start();
  std::uint64_t next_number_ = 0;
  std::map<std::pair<Time, std::uint64_t>, std::function<void()>> events_;
};

} // namespace gleaner::simulation
