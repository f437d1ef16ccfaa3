#include "app/commands/job_changes.hpp"

#include "app/commands/job_selection.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace gleaner {

namespace {

struct ChangeOptions {
  JobSelection selection;
  bool keep_attempts = false;
};

int retry(const ChangeOptions& options, QueueSession& session) {
  auto selection = options.selection;
  selection.default_state = "failed";
  return change_jobs(selection, session, "retry", "retried", [&](const std::vector<JobId>& ids) {
    return session.admin.rerun(ids, !options.keep_attempts);
  });
}

int promote(const ChangeOptions& options, QueueSession& session) {
  auto selection = options.selection;
  selection.default_state = "delayed";
  return change_jobs(selection, session, "promote", "promoted",
                     [&](const std::vector<JobId>& ids) { return session.admin.promote(ids); });
}

int remove(const ChangeOptions& options, QueueSession& session) {
  return change_jobs(options.selection, session, "remove", "removed",
                     [&](const std::vector<JobId>& ids) { return session.admin.remove(ids); });
}

} // namespace

void add_job_changes(CLI::App& jobs, Command& chosen) {
  const auto add = [&](const char* name, const char* text, auto verb,
                       const std::vector<std::string>& states) {
    const auto options = std::make_shared<ChangeOptions>();
    auto* command = jobs.add_subcommand(name, text);
    add_changing(*command, options->selection, states);
    command->callback([&chosen, options, verb] { chosen = on_queue(options, verb); });
    return std::pair{command, options};
  };
  const auto [retry_command, options] =
    add("retry", R"(Lets ended jobs run again, failed ones unless
--state says completed.

Examples:
  gleaner jobs retry 42 43
  gleaner jobs retry --class api_throttled --dry-run
  gleaner jobs retry --domain example.com --state completed --yes)",
        retry, {"failed", "completed"});
  retry_command->add_flag("--keep-attempts", options->keep_attempts,
                          "Go on counting attempts, as BullMQ's job.retry() does");
  add("promote", R"(Lets delayed jobs run at once.

Examples:
  gleaner jobs promote 42
  gleaner jobs promote --all --yes)",
      promote, {});
  add("remove", R"(Removes jobs that no worker holds, with their unfinished children.

Examples:
  gleaner jobs remove 42
  gleaner jobs remove --state delayed --domain example.com --yes)",
      remove, {"waiting", "prioritized", "delayed", "waiting-children", "failed", "completed"});
}

} // namespace gleaner
