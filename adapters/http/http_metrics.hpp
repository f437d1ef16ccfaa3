#pragma once

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace gleaner::http {

/// Of the listener itself. Thread-safe.
class HttpMetrics {
public:
  explicit HttpMetrics(prometheus::Registry& registry);
  /// Paths that are no page of the listener count as "other".
  void count(std::string_view path, int status, double seconds);

private:
  /// http_requests_total{route,code}
  std::map<std::pair<std::string, int>, prometheus::Counter*, std::less<>> requests_;
  prometheus::Histogram& duration_; ///< http_request_duration_seconds
};

} // namespace gleaner::http
