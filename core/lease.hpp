#pragma once

#include <chrono>

namespace gleaner {

/// How long a lock is sure after a renewal that was confirmed, counted from when that was sent: the
/// rest of its life is left for clocks that differ and for what is under way.
constexpr std::chrono::milliseconds lease_of(std::chrono::milliseconds lock_duration) noexcept {
  return lock_duration * 4 / 5;
}

} // namespace gleaner
