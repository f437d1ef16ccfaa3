#include "app/command.hpp"
#include "app/commands/job_json.hpp"
#include "app/commands/queue_session.hpp"
#include "app/confirmation.hpp"
#include "app/exit_code.hpp"
#include "app/setting_values.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace gleaner {

namespace {

using Json = nlohmann::ordered_json;

struct QueueOptions {
  std::string state = "completed";
  std::string grace = "0s";
  bool delayed = false;
  bool force = false;
  bool yes = false;
  bool json = false;
};

Json to_json(const std::string& name, const QueueCounts& counts) {
  return {{"queue", name},
          {"waiting", counts.waiting},
          {"prioritized", counts.prioritized},
          {"delayed", counts.delayed},
          {"active", counts.active},
          {"waiting-children", counts.waiting_children},
          {"completed", counts.completed},
          {"failed", counts.failed},
          {"paused", counts.paused},
          {"oldestWaitingMs",
           counts.oldest_waiting_age_ms ? Json(*counts.oldest_waiting_age_ms) : Json()}};
}

int print_done(bool json, const char* what, bool changed) {
  if (json)
    std::cout << dump({{"schema", "gleaner.queue-change/1"}, {"changed", changed}}) << '\n';
  else
    std::cout << (changed ? "" : "was already ") << what << '\n';
  return 0;
}

int print_removed(const QueueOptions& options, const Result<std::uint64_t>& removed) {
  if (!removed)
    return report_failure(removed.error());
  if (options.json)
    std::cout << dump({{"schema", "gleaner.removed/1"}, {"removed", *removed}}) << '\n';
  else
    std::cout << "removed " << jobs_in_words(*removed) << '\n';
  return 0;
}

/// The queue's line among the others.
std::vector<std::string> to_row(const std::string& name, const QueueCounts& counts) {
  return {name,
          std::to_string(counts.waiting),
          std::to_string(counts.prioritized),
          std::to_string(counts.delayed),
          std::to_string(counts.active),
          std::to_string(counts.completed),
          std::to_string(counts.failed),
          counts.paused ? "yes" : "no"};
}

/// A queue that can't be counted because somebody else wrote one of its keys hides no other: it is
/// listed with its error.
int list_queues(const QueueOptions& options, QueueSession& session) {
  const auto names = bullmq::find_queues(session.client, session.keys.prefix);
  if (!names)
    return report_failure(names.error());
  auto ended = ExitCode::ok;
  Json found = Json::array();
  std::vector<std::vector<std::string>> rows{
    {"queue", "waiting", "prioritized", "delayed", "active", "completed", "failed", "paused"}};
  for (const auto& name : *names) {
    const auto counts = bullmq::JobBrowser{session.client, {session.keys.prefix, name}}.counts();
    if (counts) {
      found.push_back(to_json(name, *counts));
      rows.push_back(to_row(name, *counts));
      continue;
    }
    const auto& error = counts.error();
    const auto code = report_failure({error.code, "queue '" + name + "': " + describe(error)});
    if (error.code != Errc::redis_refused)
      return code; // it is not the queue's fault
    ended = ExitCode::partial;
    found.push_back({{"queue", name}, {"error", describe(error)}});
    rows.push_back({name, "?", "?", "?", "?", "?", "?", "?"});
  }
  std::cout << (options.json ? dump({{"schema", "gleaner.queues/1"}, {"queues", found}}) + '\n'
                             : table(rows));
  return static_cast<int>(ended);
}

int stats(const QueueOptions& options, QueueSession& session) {
  const auto counts = session.browser.counts();
  if (!counts)
    return report_failure(counts.error());
  const auto figures = to_json(session.keys.queue, *counts);
  if (options.json) {
    Json document{{"schema", "gleaner.queue/1"}};
    document.update(figures);
    std::cout << dump(document) << '\n';
    return 0;
  }
  for (const auto& [key, value] : figures.items())
    std::cout << key << ": " << (value.is_string() ? value.get<std::string>() : value.dump())
              << '\n';
  return 0;
}

int pause(const QueueOptions& options, QueueSession& session) {
  const auto paused = session.admin.pause();
  return paused ? print_done(options.json, "paused", *paused) : report_failure(paused.error());
}

int resume(const QueueOptions& options, QueueSession& session) {
  const auto resumed = session.admin.resume();
  return resumed ? print_done(options.json, "running", *resumed) : report_failure(resumed.error());
}

int drain(const QueueOptions& options, QueueSession& session) {
  const auto what = std::string{"remove all jobs that wait"} +
                    (options.delayed ? " or are delayed" : "") + " in queue " + session.keys.queue +
                    "?";
  if (const auto code = confirm(what, options.yes); code != ExitCode::ok)
    return static_cast<int>(code);
  return print_removed(options, session.admin.drain(options.delayed));
}

int clean(const QueueOptions& options, QueueSession& session) {
  const auto grace = parse_duration(options.grace);
  if (!grace)
    return report_failure({Errc::usage, "--older-than: '" + options.grace +
                                          "' is no duration with its unit, such as 7h or 30m"});
  const auto code = confirm("remove " + options.state + " jobs of queue " + session.keys.queue +
                              " that are older than " + options.grace + "?",
                            options.yes);
  if (code != ExitCode::ok)
    return static_cast<int>(code);
  return print_removed(options, session.admin.clean(options.state, *grace));
}

int obliterate(const QueueOptions& options, QueueSession& session) {
  const auto code =
    confirm("remove queue " + session.keys.queue + " with all its jobs?", options.yes);
  if (code != ExitCode::ok)
    return static_cast<int>(code);
  const auto done = session.admin.obliterate(options.force);
  return done ? print_done(options.json, "obliterated", true) : report_failure(done.error());
}

/// A verb with --json and, if it destroys, --yes.
CLI::App* add_verb(CLI::App& queue, Command& chosen, const char* name, const char* text,
                   const std::shared_ptr<QueueOptions>& options, bool destroys,
                   int (*verb)(const QueueOptions&, QueueSession&)) {
  auto* command = queue.add_subcommand(name, text);
  command->add_flag("--json", options->json, "As one JSON document");
  if (destroys)
    command->add_flag("-y,--yes", options->yes, "Don't ask");
  const auto check =
    verb == list_queues ? QueueCheck::no : QueueCheck::yes; // others' queues show too
  command->callback([&chosen, options, verb, check] { chosen = on_queue(options, verb, check); });
  return command;
}

} // namespace

// NOLINTNEXTLINE(readability-function-size): a table
void add_queue_command(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<QueueOptions>();
  auto* queue =
    app.add_subcommand("queue", R"(Looks at queues and steers one, as BullMQ's Queue does.

Examples:
  gleaner queue ls
  gleaner queue pause
  gleaner queue clean --state failed --older-than 168h --yes)");
  queue->require_subcommand(1);
  add_verb(*queue, chosen, "ls",
           "Lists the queues of the prefix.\n\nExamples:\n  gleaner queue ls --json", options,
           false, list_queues);
  add_verb(*queue, chosen, "stats",
           "Counts the jobs of the queue by state.\n\nExamples:\n  gleaner queue stats --json",
           options, false, stats);
  add_verb(*queue, chosen, "pause",
           "Lets no job start any more; running ones go on.\n\nExamples:\n  gleaner queue pause",
           options, false, pause);
  add_verb(*queue, chosen, "resume", "Undoes a pause.\n\nExamples:\n  gleaner queue resume",
           options, false, resume);
  add_verb(*queue, chosen, "drain",
           "Removes what waits.\n\nExamples:\n  gleaner queue drain --delayed --yes", options, true,
           drain)
    ->add_flag("--delayed", options->delayed, "Also what is delayed");
  auto* clean_command = add_verb(*queue, chosen, "clean",
                                 "Removes old jobs of one state.\n\nExamples:\n"
                                 "  gleaner queue clean --state completed --older-than 24h",
                                 options, true, clean);
  clean_command->add_option("--state", options->state, "State of the jobs")
    ->check(CLI::IsMember(
      {"completed", "failed", "waiting", "prioritized", "delayed", "active", "waiting-children"}))
    ->capture_default_str();
  clean_command
    ->add_option("--older-than", options->grace, "Since their end or, before it, their creation")
    ->capture_default_str();
  add_verb(*queue, chosen, "obliterate",
           "Removes the queue with everything in it.\n\nExamples:\n"
           "  gleaner queue obliterate --yes",
           options, true, obliterate)
    ->add_flag("--force", options->force, "Also while jobs are active");
}

} // namespace gleaner
