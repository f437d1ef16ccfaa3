#include "adapters/bullmq/job_browser.hpp"
#include "adapters/bullmq/shallow_json.hpp"
#include "app/client_redis.hpp"
#include "app/command.hpp"
#include "app/terminal.hpp"
#include "core/iso_time.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>

namespace gleaner {

namespace {

using bullmq::JobBrowser;
using bullmq::JobView;
using Json = nlohmann::ordered_json;

/// In the order in which `jobs ls` shows them.
constexpr const char* states[] = {"active", "waiting",   "prioritized",     "delayed",
                                  "failed", "completed", "waiting-children"};

struct JobsOptions {
  std::string state;
  std::uint64_t limit = 50;
  std::string id;
  bool json = false;
};

/// JSON text of the queue as it is; what is no JSON stays text.
Json embedded(const std::string& text) {
  if (text.empty())
    return nullptr;
  const auto parsed = bullmq::parse_shallow(text);
  return parsed.is_discarded() ? Json(text) : Json(parsed);
}

std::string time_or_nothing(std::int64_t ms) {
  return ms > 0 ? iso_time(ms) : std::string{};
}

std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json to_json(const JobView& job) {
  return {{"id", job.id},
          {"name", job.name},
          {"state", job.state},
          {"domain", job.domain},
          {"data", embedded(job.data)},
          {"opts", embedded(job.opts)},
          {"progress", embedded(job.progress)},
          {"returnvalue", embedded(job.return_value)},
          {"failedReason", job.failed_reason},
          {"attemptsMade", job.attempts_made},
          {"attempts", job.attempts},
          {"priority", job.priority},
          {"delay", job.delay_ms},
          {"processedBy", job.processed_by},
          {"timestamp", time_or_nothing(job.timestamp_ms)},
          {"processedOn", time_or_nothing(job.processed_on_ms)},
          {"finishedOn", time_or_nothing(job.finished_on_ms)}};
}

int list(const JobsOptions& options, JobBrowser& browser) {
  std::vector<JobView> jobs;
  for (const std::string state : states) {
    if ((!options.state.empty() && options.state != state) || jobs.size() >= options.limit)
      continue;
    auto found = browser.list(state, 0, options.limit - jobs.size());
    if (!found)
      return report_failure(found.error());
    std::move(found->begin(), found->end(), std::back_inserter(jobs));
  }
  if (options.json) {
    Json document{{"schema", "gleaner.jobs/1"}, {"jobs", Json::array()}};
    for (const auto& job : jobs)
      document["jobs"].push_back(to_json(job));
    std::cout << dump(document, -1) << '\n';
    return 0;
  }
  std::vector<std::vector<std::string>> rows{{"id", "state", "domain", "tries", "since", "reason"}};
  for (const auto& job : jobs) {
    const auto since = std::max({job.timestamp_ms, job.processed_on_ms, job.finished_on_ms});
    rows.push_back({job.id, job.state, job.domain,
                    std::to_string(job.attempts_made) + "/" + std::to_string(job.attempts),
                    time_or_nothing(since), job.state == "failed" ? job.failed_reason : ""});
  }
  std::cout << table(rows);
  return 0;
}

int show(const JobsOptions& options, JobBrowser& browser) {
  const auto job = browser.show(options.id);
  if (!job)
    return report_failure(job.error());
  auto document = to_json(*job);
  document["stacktrace"] = embedded(job->stacktrace);
  if (options.json) {
    document["schema"] = "gleaner.job/1";
    std::cout << dump(document, -1) << '\n';
    return 0;
  }
  for (const auto& [key, value] : document.items())
    std::cout << key << ": "
              << harmless(value.is_string() ? value.get<std::string>() : dump(value, -1)) << '\n';
  return 0;
}

int logs(const JobsOptions& options, JobBrowser& browser) {
  const auto found = browser.logs(options.id, 0, 10000);
  if (!found)
    return report_failure(found.error());
  if (options.json)
    std::cout << dump(
                   {{"schema", "gleaner.logs/1"}, {"count", found->count}, {"rows", found->rows}},
                   -1)
              << '\n';
  else
    for (const auto& row : found->rows)
      std::cout << harmless(row) << '\n';
  return 0;
}

using Verb = std::function<int(const JobsOptions&, JobBrowser&)>;

int with_browser(const Verb& verb, const JobsOptions& options,
                 const CommandEnvironment& environment) {
  const auto redis = client_redis(environment.config);
  if (!redis)
    return report_failure(redis.error());
  redis::RedisClient client{*redis, ""};
  JobBrowser browser{client, {environment.config.queue.prefix, environment.config.queue.name}};
  return verb(options, browser);
}

CLI::App* add_verb(CLI::App& jobs, Command& chosen, const char* name, const char* text,
                   const std::shared_ptr<JobsOptions>& options, Verb verb) {
  auto* command = jobs.add_subcommand(name, text);
  command->add_flag("--json", options->json, "As one JSON document");
  command->callback([&chosen, options, verb = std::move(verb)] {
    chosen = [options, verb](const CommandEnvironment& environment) {
      return with_browser(verb, *options, environment);
    };
  });
  return command;
}

} // namespace

void add_jobs_command(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<JobsOptions>();
  auto* jobs = app.add_subcommand("jobs", R"(Looks at the jobs of the queue.

Examples:
  gleaner jobs ls --state failed
  gleaner jobs show 42 --json
  gleaner jobs logs 42)");
  jobs->require_subcommand(1);
  auto* ls = add_verb(*jobs, chosen, "ls",
                      "Lists jobs: active first, then what waits, then what ended.\n\nExamples:\n"
                      "  gleaner jobs ls\n  gleaner jobs ls --state delayed --limit 10 --json",
                      options, list);
  ls->add_option("--state", options->state, "Only jobs in this state")
    ->check(CLI::IsMember(std::vector<std::string>(std::begin(states), std::end(states))));
  ls->add_option("--limit", options->limit, "Most jobs shown")
    ->check(CLI::Range(1, 100000))
    ->capture_default_str();
  add_verb(*jobs, chosen, "show", "Shows all of one job.\n\nExamples:\n  gleaner jobs show 42",
           options, show)
    ->add_option("id", options->id, "The job's id")
    ->required();
  add_verb(*jobs, chosen, "logs", "Prints a job's log rows.\n\nExamples:\n  gleaner jobs logs 42",
           options, logs)
    ->add_option("id", options->id, "The job's id")
    ->required();
}

} // namespace gleaner
