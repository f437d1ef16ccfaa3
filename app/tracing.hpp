#pragma once

#include "adapters/otlp/span_exporter.hpp"
#include "core/config.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"

#include <memory>
#include <string>

namespace gleaner {

/// What sends this process's spans to the collector of the settings; null when they want no traces.
/// `instance` tells the process from others. `metrics` and `log` outlive it.
std::unique_ptr<otlp::SpanExporter> open_tracing(const Config& config, const std::string& version,
                                                 const std::string& instance, TraceMetrics& metrics,
                                                 EventLog& log);

} // namespace gleaner
