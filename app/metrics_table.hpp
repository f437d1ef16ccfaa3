#pragma once

#include "core/config.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace gleaner {

/// A family of series that `gleaner run` exports.
struct ExportedMetric {
  std::string name;
  std::string type; ///< counter, gauge or histogram.
  /// With their values, but of those that settings or the build decide.
  std::map<std::string, std::set<std::string>> labels;
  std::string help;
};

/// All of them with these settings, by name.
std::vector<ExportedMetric> exported_metrics(const Config& config);

/// Labels and their values on one line: "queue; state: active, waiting".
std::string labels_in_words(const ExportedMetric& metric);

/// The manual's table.
std::string metrics_table(const std::vector<ExportedMetric>& metrics);

} // namespace gleaner
