#pragma once

#include <cstdint>

namespace gleaner {

/// Leave to send one request.
struct Permit {
  std::int64_t at_ms = 0;  ///< From when, by the queue's clock; names it. 0: no limits apply.
  std::int64_t number = 0; ///< Tells it from others of the same time.
  bool probe = false;      ///< Beyond the reduced pace: finds out whether that is still needed.
};

} // namespace gleaner
