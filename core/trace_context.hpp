#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gleaner {

/// Where a span stands: its trace and its own id, as W3C Trace Context has them. The empty one is
/// that of what nobody traces.
struct TraceContext {
  std::uint64_t trace_high = 0; ///< The first half of the trace's id.
  std::uint64_t trace_low = 0;
  std::uint64_t span_id = 0;
  bool sampled = false; ///< Its spans are recorded.

  /// It names a span.
  bool valid() const noexcept { return (trace_high | trace_low) != 0 && span_id != 0; }
  bool operator==(const TraceContext&) const = default;
};

/// A `traceparent` of W3C Trace Context, level 1, also of a later version; nothing when it breaks
/// the rules.
std::optional<TraceContext> parse_traceparent(std::string_view text);

/// "00-<trace id>-<span id>-01", or with 00 at its end. @pre context.valid()
std::string format_traceparent(const TraceContext& context);

/// 32 lowercase hexadecimal digits.
std::string trace_id_text(const TraceContext& context);

/// 16 of them.
std::string span_id_text(std::uint64_t span_id);

} // namespace gleaner
