#include "app/collection_export.hpp"
#include "app/command.hpp"
#include "app/commands/job_json.hpp"
#include "app/commands/job_selection.hpp"
#include "app/exit_code.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <map>
#include <memory>
#include <set>

namespace gleaner {

namespace {

using bullmq::JobView;
using Json = nlohmann::ordered_json;

struct DlqOptions {
  JobSelection selection;
  std::string format = "ndjson";
};

/// The failed jobs of one error class.
struct FailureClass {
  std::uint64_t jobs = 0;
  std::int64_t newest_ms = 0;
  std::string reason; ///< Of the newest.
};

int list(const DlqOptions& options, QueueSession& session) {
  std::map<std::string, FailureClass> classes;
  bullmq::JobFilter failed;
  failed.state = "failed";
  const auto found = session.browser.find(failed, [&](const JobView& job) {
    auto& each = classes[job.failure_class];
    ++each.jobs;
    if (each.jobs == 1 || job.finished_on_ms > each.newest_ms) {
      each.newest_ms = job.finished_on_ms;
      each.reason = job.failed_reason;
    }
    return true;
  });
  if (!found)
    return report_failure(found.error());
  Json document{{"schema", "gleaner.dlq/1"}, {"classes", Json::array()}};
  std::vector<std::vector<std::string>> rows{{"class", "jobs", "newest", "reason"}};
  for (const auto& [name, each] : classes) {
    const auto newest = time_or_nothing(each.newest_ms);
    rows.push_back({name, std::to_string(each.jobs), newest, each.reason});
    document["classes"].push_back(
      {{"class", name}, {"jobs", each.jobs}, {"newest", newest}, {"reason", each.reason}});
  }
  std::cout << (options.selection.json ? dump(document) + '\n' : table(rows));
  return 0;
}

/// Calls `print` for each failed job that is meant.
template <class Print>
int for_each_failed(const JobSelection& selection, QueueSession& session, Print print) {
  auto filter = selection.filter;
  filter.state = "failed";
  std::set<JobId> missing{selection.ids.begin(), selection.ids.end()};
  const bool named = !missing.empty();
  std::uint64_t shown = 0;
  const auto found = session.browser.find(filter, [&](const JobView& job) {
    if (named && missing.erase(job.id) == 0)
      return true;
    print(job);
    return ++shown < selection.limit && std::cout.good();
  });
  if (!found)
    return report_failure(found.error());
  if (shown == 0)
    return static_cast<int>(ExitCode::not_found);
  if (missing.empty() || shown >= selection.limit || !std::cout)
    return static_cast<int>(ExitCode::ok);
  std::cerr << "gleaner: no failed job that is meant:";
  for (const auto& id : missing)
    std::cerr << ' ' << harmless(id);
  std::cerr << '\n';
  return static_cast<int>(ExitCode::partial);
}

int show(const DlqOptions& options, QueueSession& session) {
  std::vector<std::vector<std::string>> rows{
    {"id", "class", "domain", "tries", "failed", "reason"}};
  Json document{{"schema", "gleaner.jobs/1"}, {"jobs", Json::array()}};
  const int code = for_each_failed(options.selection, session, [&](const JobView& job) {
    rows.push_back({job.id, job.failure_class, job.domain, std::to_string(job.attempts_made),
                    time_or_nothing(job.finished_on_ms), job.failed_reason});
    if (options.selection.json)
      document["jobs"].push_back(to_json(job));
  });
  std::cout << (options.selection.json ? dump(document) + '\n' : table(rows));
  return code;
}

int write(const DlqOptions& options, QueueSession& session) {
  if (options.format == "ndjson")
    return for_each_failed(options.selection, session,
                           [](const JobView& job) { std::cout << dump(to_json(job)) << '\n'; });
  std::cout << "id,class,domain,attempts,failed,reason,data\r\n";
  return for_each_failed(options.selection, session, [](const JobView& job) {
    const char* separator = "";
    for (const auto& cell :
         {job.id, job.failure_class, job.domain, std::to_string(job.attempts_made),
          time_or_nothing(job.finished_on_ms), job.failed_reason, job.data}) {
      std::cout << separator << csv_cell(cell, true);
      separator = ",";
    }
    std::cout << "\r\n";
  });
}

int replay(const DlqOptions& options, QueueSession& session) {
  auto selection = options.selection;
  selection.default_state = "failed";
  return change_jobs(selection, session, "replay", "replayed", [&](const std::vector<JobId>& ids) {
    return session.admin.rerun(ids, true, true);
  });
}

int purge(const DlqOptions& options, QueueSession& session) {
  auto selection = options.selection;
  selection.default_state = "failed";
  return change_jobs(selection, session, "purge", "purged", [&](const std::vector<JobId>& ids) {
    return session.admin.remove(ids, true);
  });
}

using DlqVerb = int (*)(const DlqOptions&, QueueSession&);

CLI::App* add_dlq_verb(CLI::App& dlq, Command& chosen, const char* name, const char* text,
                       DlqVerb verb, const std::shared_ptr<DlqOptions>& options) {
  auto* command = dlq.add_subcommand(name, text);
  command->callback([&chosen, options, verb] { chosen = on_queue(options, verb); });
  return command;
}

} // namespace

// NOLINTNEXTLINE(readability-function-size): a table
void add_dlq_command(CLI::App& app, Command& chosen) {
  auto* dlq =
    app.add_subcommand("dlq", R"(Works on the failed jobs (the dead letters) by error class.

Examples:
  gleaner dlq ls
  gleaner dlq show --class api_rejected
  gleaner dlq replay --class api_throttled --yes
  gleaner dlq export --format csv > failed.csv)");
  dlq->require_subcommand(1);
  const auto add = [&](const char* name, const char* text, DlqVerb verb) {
    const auto options = std::make_shared<DlqOptions>();
    return std::pair{add_dlq_verb(*dlq, chosen, name, text, verb, options), options};
  };
  const auto add_change = [&](const char* name, const char* text, DlqVerb verb) {
    const auto [command, options] = add(name, text, verb);
    add_changing(*command, options->selection, {});
  };
  const auto classes = std::make_shared<DlqOptions>();
  add_dlq_verb(*dlq, chosen, "ls",
               "Counts failed jobs by error class.\n\nExamples:\n  gleaner dlq ls --json", list,
               classes)
    ->add_flag("--json", classes->selection.json, "As one JSON document");
  const auto [shown, show_options] = add(
    "show", "Lists failed jobs.\n\nExamples:\n  gleaner dlq show --class stalled --limit 20", show);
  add_reading(*shown, show_options->selection);
  shown->add_flag("--json", show_options->selection.json, "As one JSON document");
  add_change("replay", R"(Lets failed jobs run again, their attempts counted anew.

Examples:
  gleaner dlq replay 42
  gleaner dlq replay --class api_unavailable --dry-run)",
             replay);
  const auto [command, options] = add("export", R"(Writes failed jobs to standard output.

Examples:
  gleaner dlq export > failed.ndjson
  gleaner dlq export --class other --format csv)",
                                      write);
  add_reading(*command, options->selection);
  command->add_option("--format", options->format, "ndjson or csv")
    ->check(CLI::IsMember({"ndjson", "csv"}))
    ->capture_default_str();
  add_change("purge", R"(Removes failed jobs.

Examples:
  gleaner dlq purge --class domain_invalid --yes)",
             purge);
}

} // namespace gleaner
