#include "app/command.hpp"
#include "app/commands/job_changes.hpp"
#include "app/commands/job_json.hpp"
#include "app/commands/job_selection.hpp"
#include "app/commands/queue_session.hpp"
#include "app/exit_code.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>

namespace gleaner {

namespace {

using bullmq::JobView;
using Json = nlohmann::ordered_json;

/// In the order in which `jobs ls` shows them.
constexpr const char* states[] = {"active", "waiting",   "prioritized",     "delayed",
                                  "failed", "completed", "waiting-children"};

struct JobsOptions {
  std::string state;
  std::uint64_t limit = 50;
  std::string id;
  bullmq::JobFilter filter;
  bool json = false;
};

void print_jobs(const std::vector<JobView>& jobs, bool json) {
  if (json) {
    Json document{{"schema", "gleaner.jobs/1"}, {"jobs", Json::array()}};
    for (const auto& job : jobs)
      document["jobs"].push_back(to_json(job));
    std::cout << dump(document) << '\n';
    return;
  }
  std::vector<std::vector<std::string>> rows{{"id", "state", "domain", "tries", "since", "reason"}};
  for (const auto& job : jobs) {
    const auto since = std::max({job.timestamp_ms, job.processed_on_ms, job.finished_on_ms});
    rows.push_back({job.id, job.state, job.domain,
                    std::to_string(job.attempts_made) + "/" + std::to_string(job.attempts),
                    time_or_nothing(since), job.state == "failed" ? job.failed_reason : ""});
  }
  std::cout << table(rows);
}

int list(const JobsOptions& options, QueueSession& session) {
  std::vector<JobView> jobs;
  for (const std::string state : states) {
    if ((!options.state.empty() && options.state != state) || jobs.size() >= options.limit)
      continue;
    auto found = session.browser.list(state, 0, options.limit - jobs.size());
    if (!found)
      return report_failure(found.error());
    std::move(found->begin(), found->end(), std::back_inserter(jobs));
  }
  print_jobs(jobs, options.json);
  return 0;
}

int show(const JobsOptions& options, QueueSession& session) {
  const auto job = session.browser.show(options.id);
  if (!job)
    return report_failure(job.error());
  auto document = to_json(*job);
  document["stacktrace"] = embed(job->stacktrace);
  if (options.json) {
    document["schema"] = "gleaner.job/1";
    std::cout << dump(document) << '\n';
    return 0;
  }
  for (const auto& [key, value] : document.items())
    std::cout << key << ": " << harmless(value.is_string() ? value.get<std::string>() : dump(value))
              << '\n';
  return 0;
}

int logs(const JobsOptions& options, QueueSession& session) {
  const auto found = session.browser.logs(options.id, 0, 10000);
  if (!found)
    return report_failure(found.error());
  if (options.json)
    std::cout << dump(
                   {{"schema", "gleaner.logs/1"}, {"count", found->count}, {"rows", found->rows}})
              << '\n';
  else
    for (const auto& row : found->rows)
      std::cout << harmless(row) << '\n';
  return 0;
}

/// Chosen without a state: in the order of the states.
int find(const JobsOptions& options, QueueSession& session) {
  if (options.filter.domain.empty() && options.filter.reason.empty() &&
      options.filter.failure_class.empty() && options.filter.state.empty())
    return report_failure({Errc::usage, "say what to find: --domain, --error, --class or --state"});
  std::vector<JobView> jobs;
  const auto found = session.browser.find(options.filter, [&](const JobView& job) {
    jobs.push_back(job);
    return jobs.size() < options.limit;
  });
  if (!found)
    return report_failure(found.error());
  print_jobs(jobs, options.json);
  return static_cast<int>(jobs.empty() ? ExitCode::not_found : ExitCode::ok);
}

CLI::App* add_verb(CLI::App& jobs, Command& chosen, const char* name, const char* text,
                   const std::shared_ptr<JobsOptions>& options,
                   int (*verb)(const JobsOptions&, QueueSession&)) {
  auto* command = jobs.add_subcommand(name, text);
  command->add_flag("--json", options->json, "As one JSON document");
  command->callback([&chosen, options, verb] { chosen = on_queue(options, verb); });
  return command;
}

void add_find(CLI::App& jobs, Command& chosen, const std::shared_ptr<JobsOptions>& options) {
  auto* command = add_verb(jobs, chosen, "find",
                           "Finds jobs by what they are about or why they failed.\n\nExamples:\n"
                           "  gleaner jobs find --domain example.com\n"
                           "  gleaner jobs find --error 'HTTP 500' --state failed --json",
                           options, find);
  add_filter(*command, options->filter,
             std::vector<std::string>(std::begin(states), std::end(states)));
  command->add_option("--limit", options->limit, "Most jobs shown")
    ->check(CLI::Range(1, 100000))
    ->capture_default_str();
}

} // namespace

void add_jobs_command(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<JobsOptions>();
  auto* jobs = app.add_subcommand("jobs", R"(Looks at the jobs of the queue and changes them.

Examples:
  gleaner jobs ls --state failed
  gleaner jobs show 42 --json
  gleaner jobs logs 42
  gleaner jobs find --domain example.com
  gleaner jobs retry --class api_throttled)");
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
  add_find(*jobs, chosen, options);
  add_job_changes(*jobs, chosen);
}

} // namespace gleaner
