#pragma once

#include "core/span.hpp"

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gleaner::otlp {

/// Who makes the spans.
struct SpanSource {
  std::vector<std::pair<std::string, std::string>> resource; ///< Attributes, by name.
  std::string version;                                       ///< Of the program.
  /// Takes out of a text what must not leave the process. Thread-safe; none: nothing is taken out.
  std::function<std::string(std::string_view)> redact;
};

/// The JSON form of OTLP's ExportTraceServiceRequest. `epoch` is what the steady clock showed, or
/// would have, at the beginning of 1970.
std::string export_request(const SpanSource& source, std::span<const Span> spans,
                           std::chrono::steady_clock::time_point epoch);

} // namespace gleaner::otlp
