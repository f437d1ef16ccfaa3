#pragma once

#include <chrono>

namespace gleaner::sim {

/// The wall clock that billing periods go by; an admin call can move it forward.
class SimClock {
public:
  std::chrono::system_clock::time_point now() const {
    return std::chrono::system_clock::now() + ahead_;
  }
  void advance(std::chrono::seconds by) { ahead_ += by; }
  void reset() { ahead_ = {}; }

private:
  std::chrono::seconds ahead_{0};
};

} // namespace gleaner::sim
