#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <mutex>

namespace gleaner::http {

/// The standard process_* series, read from /proc/self when asked. Thread-safe.
class ProcessFigures {
public:
  /// The process has begun just now.
  explicit ProcessFigures(prometheus::Registry& registry);
  void refresh();

private:
  std::mutex refreshing_; ///< Two at once would add the same CPU time twice.
  prometheus::Gauge& resident_bytes_;
  prometheus::Gauge& virtual_bytes_;
  prometheus::Counter& cpu_seconds_;
  prometheus::Gauge& open_files_;
  prometheus::Gauge& threads_;
};

} // namespace gleaner::http
