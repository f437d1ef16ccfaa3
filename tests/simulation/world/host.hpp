#pragma once

#include "tests/simulation/world/timeline.hpp"

#include <deque>
#include <functional>
#include <utility>

namespace gleaner::simulation {

/// One run of a process, as those see it who have something for it: it may be stopped for a while,
/// and get all at once later, or be gone.
class Host {
public:
  /// Now, or when the process goes on, or never.
  void deliver(std::function<void()> event) {
    if (!alive_)
      return;
    if (paused_)
      return waiting_.push_back(std::move(event));
    event();
  }

  void pause() { paused_ = true; }
  void go_on() {
    paused_ = false;
    while (!waiting_.empty() && alive_ && !paused_) {
      const auto event = std::move(waiting_.front());
      waiting_.pop_front();
      event();
    }
  }
  void die() {
    alive_ = false;
    waiting_.clear();
  }

  bool alive() const { return alive_; }
  bool paused() const { return paused_; }

private:
  bool alive_ = true;
  bool paused_ = false;
  std::deque<std::function<void()>> waiting_;
};

} // namespace gleaner::simulation
