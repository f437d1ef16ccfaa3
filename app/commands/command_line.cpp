#include "app/command_line.hpp"

#include "app/command.hpp"
#include "app/commands/help_text.hpp"
#include "app/config_loader.hpp"
#include "app/event_logger.hpp"
#include "app/exit_code.hpp"
#include "app/settings.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner {

namespace {

constexpr const char* examples = R"(Collects the people of a domain for every job in a BullMQ queue.

Examples:
  gleaner run                              work until SIGTERM
  gleaner enqueue example.com example.org  queue two domains
  gleaner enqueue --file domains.txt --wait
  gleaner jobs ls --state failed
  gleaner watch                            live events of the queue
  gleaner top                              jobs, pace, credits and workers, live
  gleaner results export --format csv > people.csv
  gleaner doctor                           what is wrong with key, Redis, folder?

Settings come from flags, environment, gleaner.toml and defaults, in this order;
`gleaner config show --origin` tells which.)";

std::optional<std::string> variable(const std::string& name) {
  const auto* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>{value} : std::nullopt;
}

/// An empty variable counts as unset.
std::vector<std::string> variable_names() {
  std::vector<std::string> names;
  for (auto* const* entry = environ; *entry; ++entry) {
    const std::string_view text{*entry};
    if (const auto end = text.find('='); end != std::string_view::npos && end + 1 < text.size())
      names.emplace_back(text.substr(0, end));
  }
  return names;
}

/// Whoever reads this process's environment later shall find no secret there.
void wipe_secret_variables(const LoadedConfig& loaded) {
  for (const auto& setting : loaded.settings)
    for (const auto& name : setting.variables)
      if (auto* value = std::getenv(name.c_str()); value && setting.secret) {
        explicit_bzero(value, std::strlen(value));
        unsetenv(name.c_str());
      }
}

/// One option for each setting, in a group of their own.
void add_setting_flags(CLI::App& app, ConfigSources& sources) {
  for (const auto& setting : settings()) {
    if (setting.flag.empty())
      continue;
    app
      .add_option_function<std::string>(
        setting.flag,
        [&sources, path = setting.path](const std::string& value) { sources.flags[path] = value; },
        setting.description)
      ->type_name(setting.value_name)
      ->group("Settings");
  }
}

int report(const LoadedConfig& loaded) {
  for (const auto& problem : loaded.problems)
    std::cerr << "gleaner: " << problem << '\n';
  return static_cast<int>(ExitCode::usage);
}

ColourChoice colour_named(const std::string& name) {
  if (name == "always")
    return ColourChoice::always;
  return name == "never" ? ColourChoice::never : ColourChoice::automatic;
}

/// Says something about the program, whatever the settings are.
bool makes_certificates(const CLI::App& app) {
  const auto* const cluster = app.get_subcommand("cluster");
  return cluster->got_subcommand("init-ca") || cluster->got_subcommand("issue");
}

bool needs_no_settings(const CLI::App& app) {
  return app.got_subcommand("version") || app.got_subcommand("completion") ||
         app.got_subcommand("man") || makes_certificates(app);
}

/// `anyway`: even with settings that can't be used, and without a word about them.
int run_chosen(const Command& chosen, const ConfigSources& sources, ColourChoice colour,
               bool anyway) {
  const auto loaded = load_config(sources);
  wipe_secret_variables(loaded);
  if (!loaded.problems.empty() && !anyway)
    return report(loaded);
  EventLogger log{loaded.config, colour};
  if (!anyway)
    for (const auto& warning : loaded.warnings)
      log.warn("config.adjusted", warning);
  const int code = chosen({loaded, loaded.config, log, GLEANER_VERSION, colour});
  if (!std::cout.flush()) {
    if (!stdout_reader_gone()) // `| head` has seen enough: nothing that needs a word
      std::cerr << "gleaner: standard output can't be written; is the disk full?\n";
    return code == 0 ? static_cast<int>(ExitCode::failed) : code;
  }
  return code;
}

} // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app{examples, "gleaner"};
  set_help_text(app);
  app.require_subcommand(1);
  app.fallthrough();
  ConfigSources sources;
  sources.environment = variable;
  sources.variable_names = variable_names();
  sources.file = variable("GLEANER_CONFIG");
  app.add_option("--config", sources.file, "TOML file with settings")->type_name("FILE");
  std::string colour = "auto";
  app
    .add_option("--color", colour,
                "Coloured log lines and `gleaner top`; auto: on a terminal without NO_COLOR")
    ->type_name("WHEN")
    ->check(CLI::IsMember({"auto", "always", "never"}));
  app.set_version_flag("--version", "gleaner " GLEANER_VERSION, "Prints the version");
  add_setting_flags(app, sources);
  Command chosen;
  for (const auto add :
       {add_run_command, add_enqueue_command, add_jobs_command, add_queue_command,
        add_schedule_command, add_dlq_command, add_watch_command, add_top_command,
        add_quota_command, add_keys_command, add_cluster_command, add_results_command,
        add_config_command, add_metrics_command, add_doctor_command, add_completion_command,
        add_man_command, add_version_command})
    add(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11's own codes start at 100; ours are documented.
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::usage);
  }
  return run_chosen(chosen, sources, colour_named(colour), needs_no_settings(app));
}

} // namespace gleaner
