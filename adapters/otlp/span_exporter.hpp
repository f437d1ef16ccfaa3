#pragma once

#include "adapters/otlp/collector_link.hpp"
#include "adapters/otlp/span_json.hpp"
#include "adapters/otlp/span_queue.hpp"
#include "core/config.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/ports/tracer.hpp"
#include "core/trace_ids.hpp"
#include "core/trace_sampler.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace gleaner::otlp {

/// Tracer that sends spans to a collector by OTLP over HTTP, in JSON, from a thread of its own.
/// What the collector does not take in time is dropped and counted; nobody waits for it.
class SpanExporter final : public Tracer {
public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  /// `seed` is random; `metrics` and `log` outlive it. @pre libcurl is started; `config.on()`
  SpanExporter(const TracingConfig& config, SpanSource source, const Headers& headers,
               std::uint64_t seed, TraceMetrics& metrics, EventLog& log);
  ~SpanExporter() override; ///< Closed, if it is not.

  TraceContext begin(const TraceContext& parent, bool own_trace) noexcept override;
  TraceContext child(const TraceContext& parent) noexcept override;
  void record(Span span) noexcept override;

  /// Sends what there is for three seconds at most, and ends the thread; spans that come later are
  /// dropped.
  void close();

private:
  using Time = std::chrono::steady_clock::time_point;
  void run();
  void deliver(std::vector<Span> spans);
  bool try_again_later(const Delivery& delivery, std::uint32_t tries, Time deadline);
  void drop(std::uint64_t spans, const std::string& why);
  void look_for_losses();
  double random();

  TracingConfig config_;
  SpanSource source_;
  TraceSampler sampler_;
  TraceIds ids_;
  TraceMetrics& metrics_;
  EventLog& log_;
  SpanQueue queue_;
  CollectorLink link_;
  std::atomic<Time::rep> end_{Time::max().time_since_epoch().count()}; ///< Nothing is sent later.
  std::atomic<bool> lost_some_{false}; ///< Spans for want of room, since the last look.
  bool failing_ = false;               ///< The log has been told.
  std::thread thread_;
};

} // namespace gleaner::otlp
