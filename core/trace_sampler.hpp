#pragma once

#include "core/trace_context.hpp"

#include <cstdint>

namespace gleaner {

/// Which traces are recorded: OpenTelemetry's samplers always_on, always_off and traceidratio, each
/// also in the form parentbased_*, which leaves the choice to whoever began the trace.
struct TraceSampler {
  bool follows_parent = true;
  double ratio = 1; ///< Of the traces, from 0 (none) to 1 (all); told by their ids.

  /// Whether to record the trace of that id; `parent` is the span that it goes on from, or empty.
  bool takes(const TraceContext& parent, std::uint64_t trace_low) const noexcept;
};

} // namespace gleaner
