#pragma once

#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <string>

namespace gleaner::test {

/// The counter of a family that has this value of some label; -1 when there is none.
inline double label_value(const prometheus::Registry& registry, const std::string& family,
                          const std::string& value) {
  for (const auto& each : registry.Collect())
    for (const auto& series : each.metric)
      for (const auto& label : series.label)
        if (each.name == family && label.value == value)
          return series.counter.value;
  return -1;
}

} // namespace gleaner::test
