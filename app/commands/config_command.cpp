#include "app/command.hpp"
#include "app/config_loader.hpp"
#include "app/setting_table.hpp"
#include "app/settings.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace gleaner {

namespace {

struct ShowOptions {
  bool origin = false;
  bool json = false;
  bool markdown = false;
};

/// Secrets are shown as set or not, never themselves.
std::string shown(const Setting& setting, const Config& config) {
  const auto value = setting.show(config);
  return setting.secret && !value.empty() ? "(set)" : value;
}

int show(const ShowOptions& options, const CommandEnvironment& environment) {
  if (options.markdown) {
    std::cout << settings_table(settings()) << '\n' << settings_table(key_settings("NAME"));
    return 0;
  }
  nlohmann::ordered_json document{{"schema", "gleaner.config/1"}};
  for (const auto& setting : environment.loaded.settings) {
    const auto value = shown(setting, environment.config);
    const auto& origin = environment.loaded.origins.at(setting.path);
    document["settings"][setting.path] = {{"value", value}, {"origin", origin}};
    if (options.json)
      continue;
    std::cout << setting.path << " = " << value;
    if (options.origin)
      std::cout << "   # " << origin;
    std::cout << '\n';
  }
  if (options.json)
    std::cout << document.dump(2) << '\n';
  return 0;
}

} // namespace

void add_config_command(CLI::App& app, Command& chosen) {
  auto* config = app.add_subcommand(
    "config", "Shows or checks the settings and the provider's profile.\n\nExamples:\n"
              "  gleaner config show --origin\n"
              "  gleaner config check --config gleaner.toml");
  config->require_subcommand(1);
  const auto options = std::make_shared<ShowOptions>();
  auto* shows = config->add_subcommand("show", "Prints every setting.\n\nExamples:\n"
                                               "  gleaner config show --origin\n"
                                               "  gleaner config show --json");
  shows->add_flag("--origin", options->origin, "With where each value comes from");
  shows->add_flag("--json", options->json, "As one JSON document");
  shows->add_flag("--markdown", options->markdown, "The manual's tables of all settings");
  shows->callback([&chosen, options] {
    chosen = [options](const CommandEnvironment& environment) {
      return show(*options, environment);
    };
  });
  config
    ->add_subcommand("profile", "Prints the provider's profile in use, to be copied and changed; "
                                "api.profile names the copy.\n\nExamples:\n"
                                "  gleaner config profile > my.toml\n"
                                "  gleaner config check --api-profile my.toml")
    ->callback([&chosen] {
      chosen = [](const CommandEnvironment& environment) {
        std::cout << environment.loaded.profile_text;
        return 0;
      };
    });
  config
    ->add_subcommand("check", "Exits with 2 and names every mistake, or with 0.\n\nExamples:\n"
                              "  gleaner config check --config gleaner.toml")
    ->callback([&chosen] {
      chosen = [](const CommandEnvironment&) {
        std::cerr << "the settings are good\n"; // mistakes ended the command before it began
        return 0;
      };
    });
}

} // namespace gleaner
