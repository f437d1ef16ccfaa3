#pragma once

#include "core/span.hpp"
#include "core/trace_context.hpp"

namespace gleaner {

/// Where traces begin and their spans go. Whoever has a null pointer to one traces nothing, and
/// what is not to be recorded has an empty context: so spans are made only where a context is
/// sampled. Thread-safe; never blocks and never throws.
class Tracer {
public:
  virtual ~Tracer() = default;

  /// The context of this process's first span in a trace, which goes on from `parent`, or begins
  /// when that names no span. With `own_trace` it begins all the same, and `parent` only has a say
  /// in whether it is recorded. Empty when the trace is not to be recorded.
  virtual TraceContext begin(const TraceContext& parent, bool own_trace) noexcept = 0;

  /// The context of a span below `parent`. @pre parent.sampled
  virtual TraceContext child(const TraceContext& parent) noexcept = 0;

  /// The span has ended.
  virtual void record(Span span) noexcept = 0;
};

} // namespace gleaner
