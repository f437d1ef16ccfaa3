#include "app/metrics_table.hpp"

#include "adapters/http/http_metrics.hpp"
#include "adapters/http/process_figures.hpp"
#include "app/pipeline.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <algorithm>

namespace gleaner {

namespace {

using Family = prometheus::MetricFamily;

const char* type_of(const Family& family) {
  switch (family.type) {
  case prometheus::MetricType::Counter:
    return "counter";
  case prometheus::MetricType::Histogram:
    return "histogram";
  default:
    return "gauge";
  }
}

/// With their values where those are ours to choose.
std::map<std::string, std::set<std::string>> labels_of(const Family& family) {
  std::map<std::string, std::set<std::string>> labels;
  for (const auto& series : family.metric)
    for (const auto& label : series.label) {
      const std::set<std::string> of_settings{"queue", "key", "version", "revision", "compiler"};
      auto& values = labels[label.name];
      if (!of_settings.contains(label.name))
        values.insert(label.value);
    }
  return labels;
}

} // namespace

std::vector<ExportedMetric> exported_metrics(const Config& config) {
  prometheus::Registry registry;
  const Metrics metrics{registry, config, ""};
  const http::HttpMetrics listener{registry};
  const http::ProcessFigures process{registry};
  std::vector<ExportedMetric> all;
  for (const auto& family : registry.Collect())
    all.push_back({family.name, type_of(family), labels_of(family), family.help});
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

std::string labels_in_words(const ExportedMetric& metric) {
  std::string words;
  for (const auto& [name, values] : metric.labels) {
    words += (words.empty() ? "" : "; ") + name;
    for (const auto& value : values)
      words += (value == *values.begin() ? ": " : ", ") + value;
  }
  return words;
}

std::string metrics_table(const std::vector<ExportedMetric>& metrics) {
  std::string table = "| metric | type | labels and their values | meaning |\n|---|---|---|---|\n";
  for (const auto& each : metrics)
    table += "| `" + each.name + "` | " + each.type + " | " + labels_in_words(each) + " | " +
             each.help + " |\n";
  return table;
}

} // namespace gleaner
