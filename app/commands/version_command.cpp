#include "app/command.hpp"
#include "core/build_info.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace gleaner {

void add_version_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("version", "Says which version this is.\n\nExamples:\n"
                                                "  gleaner version\n  gleaner version --json");
  const auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "As one JSON document");
  command->callback([&chosen, json] {
    chosen = [json](const CommandEnvironment& environment) {
      if (*json)
        std::cout << nlohmann::ordered_json{{"schema", "gleaner.version/1"},
                                            {"version", environment.version},
                                            {"revision", build_revision},
                                            {"compiler", build_compiler}}
                       .dump()
                  << '\n';
      else
        std::cout << "gleaner " << environment.version << '\n';
      return 0;
    };
  });
}

} // namespace gleaner
