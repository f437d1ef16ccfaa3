#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace gleaner::bullmq {

/// Numbers of lock tokens that went out with takes which got no answer: the queue may have given
/// out jobs under them without our knowing. Thread-safe.
class LostTakes {
public:
  /// First and last number.
  using Run = std::pair<std::uint64_t, std::uint64_t>;

  /// `count` tokens from `first` on. Runs that touch become one.
  void add(std::uint64_t first, std::uint64_t count);

  /// Hands over all runs, in order, and forgets them.
  std::vector<Run> take();

private:
  std::mutex mutex_;
  std::map<std::uint64_t, std::uint64_t> runs_; ///< First to last.
};

} // namespace gleaner::bullmq
