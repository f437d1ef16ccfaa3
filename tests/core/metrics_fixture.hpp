#pragma once

#include "core/metrics.hpp"

#include <boost/test/unit_test.hpp>
#include <prometheus/metric_family.h>

#include <chrono>
#include <string>

namespace gleaner::test {

using namespace std::chrono_literals;

/// All groups in one registry, as a running process has them.
struct MetricsFixture {
  prometheus::Registry registry;
  JobMetrics jobs{registry, "q"};
  ReconcileMetrics reconcile{registry};
  ApiMetrics api{registry, "default", {{15, 1s}, {500, 60s}}};
  ContactMetrics contacts{registry};
  StoreMetrics store{registry};
  ReconcileMetrics reconciled{registry};
  RedisMetrics redis{registry};
  ActorMetrics actors{registry};
  ClusterMetrics cluster{registry};
  TraceMetrics traces{registry};
  ProcessMetrics process{registry, "1.2.3"};

  prometheus::MetricFamily family(const std::string& name) const {
    for (auto& each : registry.Collect())
      if (each.name == name)
        return each;
    BOOST_FAIL("no family " << name);
    return {};
  }

  double value(const std::string& name, const std::string& label) const {
    const auto found = family(name);
    for (const auto& series : found.metric)
      for (const auto& each : series.label)
        if (each.value == label)
          return found.type == prometheus::MetricType::Counter ? series.counter.value
                                                               : series.gauge.value;
    BOOST_FAIL("no series " << label << " in " << name);
    return 0;
  }

  double sum(const std::string& name) const {
    double total = 0;
    for (const auto& series : family(name).metric)
      total += series.counter.value;
    return total;
  }
};

} // namespace gleaner::test
