#pragma once

#include "app/event_logger.hpp"
#include "app/terminal.hpp"
#include "core/config.hpp"

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace gleaner {

struct LoadedConfig;

/// What a command works with.
struct CommandEnvironment {
  const LoadedConfig& loaded; ///< The settings with their origins.
  const Config& config;       ///< The same settings' values.
  EventLogger& log;
  std::string version;
  ColourChoice colour = ColourChoice::automatic;
};

/// What main runs after parsing; returns the exit code.
using Command = std::function<int(const CommandEnvironment&)>;

/// Each adds its subcommand (with help that begins with examples) to `app`; when it is on the
/// command line, parsing sets `chosen`, which outlives the parsing.
void add_run_command(CLI::App& app, Command& chosen);
void add_enqueue_command(CLI::App& app, Command& chosen);
void add_jobs_command(CLI::App& app, Command& chosen);
void add_queue_command(CLI::App& app, Command& chosen);
void add_schedule_command(CLI::App& app, Command& chosen);
void add_dlq_command(CLI::App& app, Command& chosen);
void add_watch_command(CLI::App& app, Command& chosen);
void add_top_command(CLI::App& app, Command& chosen);
void add_quota_command(CLI::App& app, Command& chosen);
void add_keys_command(CLI::App& app, Command& chosen);
void add_cluster_command(CLI::App& app, Command& chosen);
void add_results_command(CLI::App& app, Command& chosen);
void add_config_command(CLI::App& app, Command& chosen);
void add_metrics_command(CLI::App& app, Command& chosen);
void add_doctor_command(CLI::App& app, Command& chosen);
void add_completion_command(CLI::App& app, Command& chosen);
void add_man_command(CLI::App& app, Command& chosen);
void add_version_command(CLI::App& app, Command& chosen);

} // namespace gleaner
