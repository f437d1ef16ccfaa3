#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace gleaner::top {

/// How many jobs end in a second, from counts that are looked at again and again.
class Throughput {
public:
  static constexpr std::int64_t span_ms = 10'000; ///< Over so long, or as long as it has looked.

  /// `kept`: jobs of that end that are there, which falls where old ones are removed; `ever`: as
  /// charts count them, which leave out workers that keep none. Times never go back, or it begins
  /// anew.
  void note(std::int64_t now_ms, std::uint64_t kept, std::optional<std::uint64_t> ever);

  /// Nothing before the second look. What both counts leave out can't be seen.
  std::optional<double> per_second() const;

private:
  struct Look {
    std::int64_t at_ms;
    std::uint64_t kept;
    std::optional<std::uint64_t> ever;
  };
  std::deque<Look> looks_; ///< Oldest first.
};

} // namespace gleaner::top
