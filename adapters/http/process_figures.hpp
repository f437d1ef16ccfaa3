#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace gleaner::http {

/// The standard process_* series, read from /proc/self when asked.
class ProcessFigures {
public:
  explicit ProcessFigures(prometheus::Registry& registry);
  void refresh();

private:
  prometheus::Gauge& resident_bytes_;
  prometheus::Counter& cpu_seconds_;
  prometheus::Gauge& open_files_;
  prometheus::Gauge& threads_;
};

} // namespace gleaner::http
