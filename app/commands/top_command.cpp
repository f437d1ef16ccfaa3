#include "adapters/bullmq/compatibility.hpp"
#include "app/client_redis.hpp"
#include "app/command.hpp"
#include "app/commands/job_json.hpp"
#include "app/commands/top_json.hpp"
#include "app/config_loader.hpp"
#include "app/exit_code.hpp"
#include "app/setting_values.hpp"
#include "app/signals.hpp"
#include "app/terminal.hpp"
#include "app/top/looker.hpp"
#include "app/top/screen.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace gleaner {

namespace {

using std::chrono::milliseconds;

struct TopOptions {
  std::string interval = "1s";
  bool once = false;
  bool json = false;
  bool ndjson = false;
};

/// A key typed is heeded, and a terminal's new size seen, after so long at most.
constexpr milliseconds heed_within{100};

Result<milliseconds> interval_of(const TopOptions& options) {
  const auto interval = parse_duration(options.interval);
  if (interval && *interval >= heed_within && *interval <= std::chrono::hours{1})
    return *interval;
  return Error{Errc::usage, "--interval: '" + options.interval +
                              "' is no duration from 100ms to 1h with its unit, such as 2s"};
}

/// False when a signal came first; `number` is that.
bool sleep_for(milliseconds interval, int& number) {
  const auto end = std::chrono::steady_clock::now() + interval;
  while ((number = pending_signal()) == 0) {
    const auto rest = end - std::chrono::steady_clock::now();
    if (rest <= rest.zero())
      return true;
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(rest, heed_within));
  }
  return false;
}

void print(const top::Figures& figures, bool json) {
  if (json) {
    std::cout << dump(to_json(figures)) << '\n';
    return;
  }
  top::View view;
  view.figures = figures;
  for (const auto& line : top::frame_of(view, {top::stdout_columns(), 0}))
    std::cout << line.text << '\n';
}

/// Looks twice, for the rates.
int print_once(top::Reader& reader, milliseconds interval, bool json) {
  int number = 0;
  if (!sleep_for(interval, number))
    return 128 + number;
  const auto figures = reader.look();
  if (!figures)
    return report_failure(figures.error());
  print(*figures, json);
  return 0;
}

int print_stream(top::Reader& reader, Result<top::Figures> figures, milliseconds interval) {
  for (int number = 0;;) {
    if (figures)
      print(*figures, true);
    else
      std::cout << dump({{"schema", "gleaner.top/1"}, {"error", describe(figures.error())}})
                << '\n';
    if (!std::cout.flush()) // nobody reads it any more, as behind `| head`
      return static_cast<int>(ExitCode::failed);
    if (!sleep_for(interval, number))
      return 128 + number;
    figures = reader.look();
  }
}

top::JobOrder after(top::JobOrder order) {
  switch (order) {
  case top::JobOrder::contacts:
    return top::JobOrder::age;
  case top::JobOrder::age:
    return top::JobOrder::domain;
  case top::JobOrder::domain:
    break;
  }
  return top::JobOrder::contacts;
}

/// Until q, a signal, or the end of the terminal.
int show_live(top::Looker& looker, ColourChoice colour) {
  top::Screen screen{colour};
  top::View view;
  top::FrameSize size;
  std::optional<std::uint64_t> shown; // none: what is on the screen is not what it should be
  for (;;) {
    auto seen = looker.seen();
    if (shown != seen.looks || size != screen.size()) {
      shown = seen.looks;
      size = screen.size();
      view.figures = std::move(seen.figures);
      view.lost = std::move(seen.lost);
      screen.show(top::frame_of(view, size));
    }
    const int key = screen.key(heed_within);
    if (const int number = pending_signal(); number != 0)
      return 128 + number;
    if (key == 'q' || key == top::Screen::end_of_input)
      return 0;
    if (key == 'p')
      looker.pause(view.paused = !view.paused);
    if (key == 's')
      view.order = after(view.order);
    if (key != 0)
      shown.reset();
  }
}

int show_top(const TopOptions& options, const CommandEnvironment& environment) {
  const auto interval = interval_of(options);
  if (!interval)
    return report_failure(interval.error());
  block_signals();
  const auto& config = environment.config;
  const auto redis = client_redis(config);
  if (!redis)
    return report_failure(redis.error());
  redis::RedisClient client{*redis, ""};
  const auto fits = bullmq::check_compatibility(client, {config.queue.prefix, config.queue.name},
                                                config.queue.accept_version);
  if (!fits)
    return report_failure(fits.error());
  top::Reader reader{client, config,
                     environment.loaded.profile.cost.most_credits(config.api.page_size)};
  auto first = reader.look();
  if (!first)
    return report_failure(first.error());
  if (options.ndjson)
    return print_stream(reader, std::move(first), *interval);
  if (options.json || options.once || !top::Screen::is_there())
    return print_once(reader, *interval, options.json);
  top::Looker looker{client, reader, std::move(*first), *interval};
  return show_live(looker, environment.colour);
}

} // namespace

void add_top_command(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<TopOptions>();
  auto* command =
    app.add_subcommand("top", R"(Shows jobs, pace, credits, nodes and workers of the queue, live.

Examples:
  gleaner top                     until q
  gleaner top --interval 5s
  gleaner top --once              one frame as text, as also where there is no terminal
  gleaner top --json              one JSON document
  gleaner top --ndjson            one JSON document a line, until Ctrl-C

Keys: q quits, p stands still or goes on, s sorts the jobs by contacts, age or domain. It reads
Redis alone and changes nothing there, so it works wherever the worker's settings are. For the jobs
per second --once and --json look twice, --interval apart.)");
  command->add_option("--interval", options->interval, "Pause between looks, 100ms to 1h")
    ->capture_default_str();
  auto* once = command->add_flag("--once", options->once, "One frame as text");
  auto* json = command->add_flag("--json", options->json, "As one JSON document");
  auto* ndjson = command->add_flag("--ndjson", options->ndjson, "One JSON document a line");
  once->excludes(json);
  once->excludes(ndjson);
  json->excludes(ndjson);
  command->callback([&chosen, options] {
    chosen = [options](const CommandEnvironment& environment) {
      return show_top(*options, environment);
    };
  });
}

} // namespace gleaner
