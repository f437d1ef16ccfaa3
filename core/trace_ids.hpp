#pragma once

#include <atomic>
#include <cstdint>

namespace gleaner {

/// Draws ids of traces and spans that look random and are unlike those of other processes, given a
/// random seed. Thread-safe, without a lock.
class TraceIds {
public:
  explicit TraceIds(std::uint64_t seed) noexcept : state_(seed) {}

  /// Never 0.
  std::uint64_t next() noexcept {
    for (;;)
      if (const auto id = mixed(state_.fetch_add(step, std::memory_order_relaxed)); id != 0)
        return id;
  }

private:
  static constexpr std::uint64_t step = 0x9e3779b97f4a7c15; ///< SplitMix64's.

  static std::uint64_t mixed(std::uint64_t state) noexcept {
    state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
    state = (state ^ (state >> 27)) * 0x94d049bb133111eb;
    return state ^ (state >> 31);
  }

  std::atomic<std::uint64_t> state_;
};

} // namespace gleaner
