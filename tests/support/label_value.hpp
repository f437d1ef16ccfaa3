#pragma once

#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <string>

namespace gleaner::test {

/// The counter or gauge of a family that has this value of some label; -1 when there is none.
inline double label_value(const prometheus::Registry& registry, const std::string& family,
                          const std::string& value) {
  for (const auto& each : registry.Collect())
    for (const auto& series : each.metric)
      for (const auto& label : series.label)
        if (each.name == family && label.value == value)
          return each.type == prometheus::MetricType::Gauge ? series.gauge.value
                                                            : series.counter.value;
  return -1;
}

/// The counter of a family that has these two values of labels; -1 when there is none.
inline double label_value(const prometheus::Registry& registry, const std::string& family,
                          const std::string& one, const std::string& other) {
  const auto has = [](const prometheus::ClientMetric& series, const std::string& value) {
    return std::any_of(series.label.begin(), series.label.end(),
                       [&](const auto& label) { return label.value == value; });
  };
  for (const auto& each : registry.Collect())
    for (const auto& series : each.metric)
      if (each.name == family && has(series, one) && has(series, other))
        return series.counter.value;
  return -1;
}

} // namespace gleaner::test
