#include "adapters/redis/reconnect_pause.hpp"

#include <algorithm>

namespace gleaner::redis {

std::chrono::milliseconds reconnect_pause(unsigned failures, double random) {
  constexpr unsigned first_ms = 50, longest_ms = 5000, most_doublings = 7;
  const auto doublings = std::min(failures == 0 ? 0 : failures - 1, most_doublings);
  const auto bound = std::min(longest_ms, first_ms << doublings);
  return std::chrono::milliseconds{static_cast<int>(bound * random)};
}

} // namespace gleaner::redis
