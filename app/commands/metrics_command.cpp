#include "app/command.hpp"
#include "app/metrics_table.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace gleaner {

namespace {

std::string json_of(const std::vector<ExportedMetric>& metrics) {
  nlohmann::ordered_json document{{"schema", "gleaner.metrics/1"}};
  for (const auto& each : metrics)
    document["metrics"].push_back(
      {{"name", each.name}, {"type", each.type}, {"labels", each.labels}, {"help", each.help}});
  return document.dump(2) + '\n';
}

std::string text_of(const std::vector<ExportedMetric>& metrics) {
  std::string text;
  for (const auto& each : metrics)
    text += each.name + "  (" + each.type + ")\n    " + each.help + '\n' +
            (each.labels.empty() ? "" : "    by " + labels_in_words(each) + '\n');
  return text;
}

} // namespace

void add_metrics_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand(
    "metrics", "Lists the series that 'gleaner run' exports with these settings: name, type, "
               "labels, meaning.\n\nExamples:\n"
               "  gleaner metrics\n  gleaner metrics --json");
  struct Options {
    bool json = false;
    bool markdown = false;
  };
  const auto options = std::make_shared<Options>();
  auto* json = command->add_flag("--json", options->json, "As one JSON document");
  command->add_flag("--markdown", options->markdown, "As the manual's table")->excludes(json);
  command->callback([&chosen, options] {
    chosen = [options](const CommandEnvironment& environment) {
      const auto metrics = exported_metrics(environment.config);
      std::cout << (options->json       ? json_of(metrics)
                    : options->markdown ? metrics_table(metrics)
                                        : text_of(metrics));
      return 0;
    };
  });
}

} // namespace gleaner
