#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <string>

/// How the series of core/metrics are made.
namespace gleaner::series {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;
using Buckets = Histogram::BucketBoundaries;
using Labels = std::map<std::string, std::string>;

inline Counter& counter(Registry& registry, const char* name, const char* help,
                        const Labels& labels) {
  return BuildCounter().Name(name).Help(help).Register(registry).Add(labels);
}

inline Gauge& gauge(Registry& registry, const char* name, const char* help, const Labels& labels) {
  return BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
}

inline Histogram& histogram(Registry& registry, const char* name, const char* help,
                            const Labels& labels, const Buckets& buckets) {
  return BuildHistogram().Name(name).Help(help).Register(registry).Add(labels, buckets);
}

} // namespace gleaner::series
