#include "core/metrics.hpp"
#include "core/series.hpp"

namespace gleaner {

using namespace series;

TraceMetrics::TraceMetrics(Registry& registry)
    : exported(counter(registry, "gleaner_trace_spans_exported_total",
                       "Spans that the collector of traces has taken", {})),
      dropped(counter(
        registry, "gleaner_trace_spans_dropped_total",
        "Spans that were lost: the queue was full, or the collector did not take them", {})) {}

} // namespace gleaner
