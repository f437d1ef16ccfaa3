#include "app/command.hpp"
#include "app/commands/man_page.hpp"
#include "app/setting_table.hpp"
#include "app/settings.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

namespace gleaner {

void add_man_command(CLI::App& app, Command& chosen) {
  app
    .add_subcommand("man", R"(Prints the manual page.

Examples:
  gleaner man | man -l -
  gleaner man > /usr/local/share/man/man1/gleaner.1)")
    ->callback([&app, &chosen] {
      // `app` outlives what is chosen, and is complete when that runs.
      chosen = [&app](const CommandEnvironment& environment) {
        std::vector<Setting> all{settings().begin(), settings().end()};
        for (auto& setting : key_settings("NAME")) // of the further API key of that name
          all.push_back(std::move(setting));
        std::cout << man_page(describe_command(app), all, environment.version);
        return 0;
      };
    });
}

} // namespace gleaner
