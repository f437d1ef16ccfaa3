#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace gleaner::otlp {

/// What became of a request with spans.
struct Delivery {
  bool taken = false;           ///< The collector has them, but for `rejected`.
  bool again = false;           ///< It may take them later.
  std::uint64_t rejected = 0;   ///< Spans of a request that was taken, which it does not want.
  std::chrono::seconds wait{0}; ///< For so long it wants no request.
  std::string why;              ///< For people, when something was not taken.
};

/// What an answer of the collector means, after OTLP's rules: 429, 502, 503 and 504 may be sent
/// again, other errors may not; a body may tell of spans that were left out.
Delivery judge(long status, std::string_view body, std::chrono::seconds retry_after);

/// Before the request is sent again after `tries`: 1, 2, 4 and at most 5 s, less up to half of it
/// by `random`, in [0, 1), so that processes do not come back all at once. @pre tries >= 1
std::chrono::milliseconds pause_after(std::uint32_t tries, double random);

} // namespace gleaner::otlp
