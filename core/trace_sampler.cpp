#include "core/trace_sampler.hpp"

namespace gleaner {

/// By the last 63 bits of the id, as OpenTelemetry's libraries do, so that all who have the same
/// ratio take the same traces.
bool TraceSampler::takes(const TraceContext& parent, std::uint64_t trace_low) const noexcept {
  if (follows_parent && parent.valid())
    return parent.sampled;
  constexpr double ids = 9223372036854775808.0; // 2^63
  return ratio >= 1 || static_cast<double>(trace_low >> 1) < ratio * ids;
}

} // namespace gleaner
