#include "adapters/bullmq/compatibility.hpp"
#include "adapters/bullmq/job_browser.hpp"
#include "adapters/bullmq/queue_events.hpp"
#include "app/client_redis.hpp"
#include "app/command.hpp"
#include "app/exit_code.hpp"
#include "app/signals.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>
#include <optional>
#include <thread>

namespace gleaner {

namespace {

struct WatchOptions {
  std::string id;
  bool json = false;
};

void print(const bullmq::QueueEvent& event, bool json) {
  if (json) {
    nlohmann::ordered_json line{{"event", event.name}, {"jobId", event.job_id}};
    for (const auto& [key, value] : event.fields)
      line[key] = value;
    std::cout << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  } else {
    std::cout << event.name;
    if (!event.job_id.empty())
      std::cout << "  job " << harmless(event.job_id);
    for (const auto& [key, value] : event.fields)
      std::cout << "  " << key << '=' << harmless(value);
  }
  std::cout << std::endl;
}

/// The exit code of a job that has ended: 0 completed, 1 failed; nothing before that.
std::optional<int> code_of(const std::string& state_or_event) {
  if (state_or_event == "completed")
    return 0;
  return state_or_event == "failed" ? std::optional{1} : std::nullopt;
}

int follow(const WatchOptions& options, bullmq::QueueEvents& events) {
  constexpr std::chrono::milliseconds turn{500};
  for (;;) {
    if (const int number = pending_signal(); number != 0)
      return 128 + number;
    const auto found = events.next(turn);
    if (!found && found.error().code != Errc::redis_unavailable)
      return report_failure(found.error());
    if (!found) {
      std::this_thread::sleep_for(turn); // the client is on its way back
      continue;
    }
    for (const auto& event : *found) {
      if (!options.id.empty() && event.job_id != options.id)
        continue;
      print(event, options.json);
      if (!std::cout) // nobody reads it any more, as behind `| head`
        return static_cast<int>(ExitCode::failed);
      if (const auto code = code_of(event.name); code && !options.id.empty())
        return *code;
    }
  }
}

int watch(const WatchOptions& options, const CommandEnvironment& environment) {
  block_signals();
  const auto redis = client_redis(environment.config);
  if (!redis)
    return report_failure(redis.error());
  const bullmq::QueueKeys keys{environment.config.queue.prefix, environment.config.queue.name};
  redis::RedisClient client{*redis, ""};
  const auto& accepted = environment.config.queue.accept_version;
  if (const auto fits = bullmq::check_compatibility(client, keys, accepted); !fits)
    return report_failure(fits.error());
  bullmq::QueueEvents events{client, keys};
  if (!options.id.empty()) {
    const auto job = bullmq::JobBrowser{client, keys}.show(options.id);
    if (!job)
      return report_failure(job.error());
    if (const auto code = code_of(job->state)) {
      const bool failed = *code != 0;
      print({job->state,
             job->id,
             {{failed ? "failedReason" : "returnvalue",
               failed ? job->failed_reason : job->return_value}}},
            options.json);
      return *code;
    }
  }
  return follow(options, events);
}

} // namespace

void add_watch_command(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<WatchOptions>();
  auto* command = app.add_subcommand("watch", R"(Shows what happens in the queue, as it happens.

Examples:
  gleaner watch             until Ctrl-C
  gleaner watch 42          until job 42 ends: 0 completed, 1 failed
  gleaner watch --json      one JSON object a line)");
  command->add_option("id", options->id, "Only this job, until it ends");
  command->add_flag("--json,--ndjson", options->json, "One JSON object a line");
  command->callback([&chosen, options] {
    chosen = [options](const CommandEnvironment& environment) {
      return watch(*options, environment);
    };
  });
}

} // namespace gleaner
