#pragma once

#include "core/ports/tracer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gleaner::test {

/// A Tracer that keeps all spans, with ids that count up. It records every trace, but for those
/// whose parent is not sampled.
class RecordingTracer final : public Tracer {
public:
  TraceContext begin(const TraceContext& parent, bool own_trace) noexcept override {
    const std::lock_guard guard{mutex_};
    if (parent.valid() && (!own_trace || !parent.sampled))
      return parent.sampled ? TraceContext{parent.trace_high, parent.trace_low, ++last_, true}
                            : TraceContext{};
    const auto trace = ++last_;
    return {trace, trace, ++last_, true};
  }
  TraceContext child(const TraceContext& parent) noexcept override {
    const std::lock_guard guard{mutex_};
    return {parent.trace_high, parent.trace_low, ++last_, true};
  }
  void record(Span span) noexcept override {
    const std::lock_guard guard{mutex_};
    spans_.push_back(std::move(span));
  }

  std::vector<Span> spans() const {
    const std::lock_guard guard{mutex_};
    return spans_;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& span : spans())
      all.push_back(span.name);
    return all;
  }
  /// The only one of that name.
  Span only(std::string_view name) const {
    std::vector<Span> found;
    for (const auto& span : spans())
      if (span.name == name)
        found.push_back(span);
    BOOST_REQUIRE_MESSAGE(found.size() == 1, found.size() << " spans are called " << name);
    return found.front();
  }

private:
  mutable std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::vector<Span> spans_;
};

/// A span of somebody else's, which is recorded.
inline TraceContext foreign_span(bool sampled = true) {
  return {0xaaaa, 0xbbbb, 0xcccc, sampled};
}

/// The value of an attribute as a text; "" when it is missing.
inline std::string attribute(const Span& span, std::string_view key) {
  for (const auto& each : span.attributes)
    if (each.key == key)
      return std::holds_alternative<std::string>(each.value)
               ? std::get<std::string>(each.value)
               : std::to_string(std::get<std::int64_t>(each.value));
  return {};
}

} // namespace gleaner::test
