#pragma once

#include "tests/simulator/switches.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gleaner::sim {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Strict sliding windows, one set per name (a key and an endpoint). Refused requests do not count.
class RateLimits {
public:
  /// Nothing when the request is admitted, else how long until one would be.
  std::optional<std::chrono::milliseconds>
  admit(const std::string& name, const std::vector<LimitWindow>& limits, SteadyTime now);

  /// Requests of `name` that count in the last `period`.
  std::uint32_t used(const std::string& name, std::chrono::milliseconds period,
                     SteadyTime now) const;

  void clear() { admitted_.clear(); }

private:
  std::unordered_map<std::string, std::deque<SteadyTime>> admitted_;
};

/// The refusal of an exceeded limit in one of the styles of Switches::throttle_style.
Answer throttle_answer(std::string_view style, std::chrono::milliseconds wait,
                       std::chrono::system_clock::time_point now);

} // namespace gleaner::sim
