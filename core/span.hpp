#pragma once

#include "core/trace_context.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gleaner {

/// Who a span's work is for; the numbers are OTLP's.
enum class SpanKind : std::uint8_t { internal = 1, client = 3, producer = 4, consumer = 5 };

/// A fact about a span; `key` is one of core/span_names, so it lasts.
struct SpanAttribute {
  std::string_view key;
  std::variant<std::string, std::int64_t> value;
};

/// A piece of work that has ended.
struct Span {
  std::string name;
  SpanKind kind = SpanKind::internal;
  TraceContext context;
  std::uint64_t parent = 0;         ///< Span id within the same trace; 0: it is the first.
  std::optional<TraceContext> link; ///< A span of another trace that led to this one.
  std::chrono::steady_clock::time_point start;
  std::chrono::steady_clock::time_point end;
  std::string error; ///< Its `error.type`; empty: it went well.
  std::vector<SpanAttribute> attributes;
};

/// A child of `parent` that has ended under its own id.
inline Span child_span(std::string name, SpanKind kind, const TraceContext& context,
                       const TraceContext& parent) {
  Span span;
  span.name = std::move(name);
  span.kind = kind;
  span.context = context;
  span.parent = parent.span_id;
  return span;
}

} // namespace gleaner
