#include "app/command_line.hpp"

#include "app/command.hpp"
#include "app/config_loader.hpp"
#include "app/event_logger.hpp"
#include "app/exit_code.hpp"
#include "app/settings.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>

namespace gleaner {

namespace {

constexpr const char* examples = R"(Collects the people of a domain for every job in a BullMQ queue.

Examples:
  gleaner run                              work until SIGTERM
  gleaner enqueue example.com example.org  queue two domains
  gleaner enqueue --file domains.txt --wait
  gleaner jobs ls --state failed
  gleaner watch                            live events of the queue
  gleaner results export --format csv > people.csv
  gleaner doctor                           what is wrong with key, Redis, folder?

Settings come from flags, environment, gleaner.toml and defaults, in this order;
`gleaner config show --origin` tells which.)";

std::optional<std::string> variable(const std::string& name) {
  const auto* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>{value} : std::nullopt;
}

/// Whoever reads this process's environment later shall not find the key.
void wipe(const char* name) {
  if (auto* value = std::getenv(name)) {
    explicit_bzero(value, std::strlen(value));
    unsetenv(name);
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
      ->type_name("")
      ->group("Settings");
  }
}

/// CLI11 says of a mistyped command only that one is missing.
bool refuse_unknown_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-')
    return false;
  const std::string word = argv[1];
  std::string names;
  for (const auto* command : app.get_subcommands({})) {
    if (command->get_name() == word)
      return false;
    names += ' ' + command->get_name();
  }
  std::cerr << "gleaner: there is no command '" << harmless(word) << "'; there are" << names
            << '\n';
  return true;
}

int report(const LoadedConfig& loaded) {
  for (const auto& problem : loaded.problems)
    std::cerr << "gleaner: " << problem << '\n';
  return static_cast<int>(ExitCode::usage);
}

int run_chosen(const Command& chosen, const ConfigSources& sources) {
  const auto loaded = load_config(sources);
  wipe("HUNTER_API_KEY");
  wipe("GLEANER_API__KEY");
  if (!loaded.problems.empty())
    return report(loaded);
  EventLogger log{loaded.config};
  for (const auto& warning : loaded.warnings)
    log.warn("config.adjusted", warning);
  const int code = chosen({loaded, loaded.config, log, GLEANER_VERSION});
  if (!std::cout.flush()) {
    std::cerr << "gleaner: standard output can't be written: a full disk, or nobody reads it\n";
    return code == 0 ? static_cast<int>(ExitCode::failed) : code;
  }
  return code;
}

} // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app{examples, "gleaner"};
  app.require_subcommand(1);
  app.fallthrough();
  ConfigSources sources;
  sources.environment = variable;
  sources.file = variable("GLEANER_CONFIG");
  app.add_option("--config", sources.file, "TOML file with settings")->type_name("FILE");
  add_setting_flags(app, sources);
  Command chosen;
  for (const auto add :
       {add_run_command, add_enqueue_command, add_jobs_command, add_queue_command,
        add_schedule_command, add_dlq_command, add_watch_command, add_results_command,
        add_config_command, add_doctor_command, add_version_command})
    add(app, chosen);
  if (refuse_unknown_command(app, argc, argv))
    return static_cast<int>(ExitCode::usage);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11's own codes start at 100; ours are documented.
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::usage);
  }
  return run_chosen(chosen, sources);
}

} // namespace gleaner
