#include "adapters/bullmq/scheduler_admin.hpp"
#include "app/command.hpp"
#include "app/commands/job_json.hpp"
#include "app/commands/queue_session.hpp"
#include "app/exit_code.hpp"
#include "app/setting_values.hpp"
#include "app/terminal.hpp"
#include "core/domain.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>

namespace gleaner {

namespace {

using bullmq::SchedulerAdmin;
using bullmq::SchedulerView;
using Json = nlohmann::ordered_json;

struct ScheduleOptions {
  std::string domain, id, every, cron, zone;
  std::vector<std::string> ids;
  std::uint32_t priority = 0, attempts = 3;
  std::uint64_t limit = 1000;
  bool json = false;
};

/// Stock clients take fewer fields for the last ones: '5' would be every minute of a Friday.
bool is_whole_pattern(const std::string& pattern) {
  std::istringstream words{pattern};
  const auto fields =
    std::distance(std::istream_iterator<std::string>{words}, std::istream_iterator<std::string>{});
  return pattern.starts_with('@') || fields == 5 || fields == 6;
}

Result<bullmq::NewScheduler> read_wish(const ScheduleOptions& options) {
  if (options.every.empty() == options.cron.empty())
    return Error{Errc::usage, "say when: either --every 24h or --cron '0 6 * * 1'"};
  if (!options.zone.empty() && options.cron.empty())
    return Error{Errc::usage, "--tz is for --cron: intervals know no time zone"};
  if (!options.cron.empty() && !is_whole_pattern(options.cron))
    return Error{Errc::usage,
                 "--cron: '" + options.cron +
                   "' has not five fields, or six with seconds first, such as '0 6 * * 1'"};
  bullmq::NewScheduler wanted;
  auto domain = clean_domain(options.domain);
  if (!domain)
    return domain.error();
  wanted.domain = std::move(*domain);
  wanted.id = options.id.empty() ? wanted.domain : options.id;
  if (wanted.id.find(':') != std::string::npos)
    return Error{Errc::usage, "--id: '" + wanted.id + "' has a colon, which parts job ids"};
  if (!options.every.empty()) {
    constexpr std::chrono::milliseconds shortest{1000};
    const auto every = parse_duration(options.every);
    if (!every || *every < shortest)
      return Error{Errc::usage, "--every: '" + options.every +
                                  "' is no duration of at least 1s with its unit, such as 24h"};
    wanted.every = *every;
  }
  wanted.pattern = options.cron;
  wanted.zone = options.zone;
  wanted.options.priority = options.priority;
  wanted.options.attempts = options.attempts;
  return wanted;
}

int add(const ScheduleOptions& options, QueueSession& session) {
  const auto wanted = read_wish(options);
  if (!wanted)
    return report_failure(wanted.error());
  const auto is_new = SchedulerAdmin{session.client, session.keys}.put(*wanted);
  if (!is_new)
    return report_failure(is_new.error());
  if (options.json)
    std::cout << dump({{"schema", "gleaner.schedule/1"}, {"id", wanted->id}, {"new", *is_new}})
              << '\n';
  else
    std::cout << (*is_new ? "added " : "replaced ") << wanted->id << '\n';
  return 0;
}

/// "every 24h", "0 6 * * 1 Europe/Berlin".
std::string when(const SchedulerView& scheduler) {
  const auto every = parse_integer(scheduler.every_ms);
  if (every && *every > 0)
    return "every " + show_duration(std::chrono::milliseconds{*every});
  return scheduler.pattern + (scheduler.zone.empty() ? "" : " " + scheduler.zone);
}

int list(const ScheduleOptions& options, QueueSession& session) {
  const auto found = SchedulerAdmin{session.client, session.keys}.list(options.limit);
  if (!found)
    return report_failure(found.error());
  Json document{{"schema", "gleaner.schedules/1"}, {"schedules", Json::array()}};
  std::vector<std::vector<std::string>> rows{{"id", "domain", "when", "next", "made"}};
  for (const auto& each : *found) {
    const auto next = time_or_nothing(each.next_ms);
    rows.push_back({each.id, each.domain, when(each), next, std::to_string(each.made)});
    document["schedules"].push_back({{"id", each.id},
                                     {"name", each.name},
                                     {"domain", each.domain},
                                     {"every", each.every_ms},
                                     {"pattern", each.pattern},
                                     {"tz", each.zone},
                                     {"next", next},
                                     {"made", each.made}});
  }
  std::cout << (options.json ? dump(document) + '\n' : table(rows));
  return 0;
}

int remove(const ScheduleOptions& options, QueueSession& session) {
  SchedulerAdmin admin{session.client, session.keys};
  std::size_t missing = 0;
  for (const auto& id : options.ids) {
    const auto removed = admin.remove(id);
    if (!removed)
      return report_failure(removed.error());
    if (*removed) {
      std::cout << "removed " << harmless(id) << '\n';
      continue;
    }
    ++missing;
    std::cerr << "gleaner: there is no schedule '" << harmless(id)
              << "'; see `gleaner schedule ls`\n";
  }
  if (missing == 0)
    return 0;
  return static_cast<int>(missing == options.ids.size() ? ExitCode::not_found : ExitCode::partial);
}

void add_add(CLI::App& schedule, Command& chosen) {
  const auto options = std::make_shared<ScheduleOptions>();
  auto* command = schedule.add_subcommand("add", R"(Collects a domain periodically, or replaces the
schedule of that id.

Examples:
  gleaner schedule add example.com --every 24h
  gleaner schedule add example.com --cron '0 6 * * MON' --tz Europe/Berlin)");
  command->add_option("domain", options->domain, "The domain")->required();
  command->add_option("--every", options->every, "Period, such as 24h; the first job runs at once");
  command->add_option("--cron", options->cron, "Cron pattern of 5 fields, or 6 with seconds");
  command->add_option("--tz", options->zone,
                      "Time zone of the pattern (IANA name); without it the workers' own");
  command->add_option("--id", options->id, "Its id; the domain without it");
  command->add_option("--priority", options->priority, "1 is first, 0 before all")
    ->check(CLI::Range(0, 2097151));
  command->add_option("--attempts", options->attempts, "Tries per job")
    ->check(CLI::Range(1, 1000))
    ->capture_default_str();
  command->add_flag("--json", options->json, "As one JSON document");
  command->callback([&chosen, options] { chosen = on_queue(options, add); });
}

} // namespace

void add_schedule_command(CLI::App& app, Command& chosen) {
  auto* schedule =
    app.add_subcommand("schedule", R"(Collects domains again and again, by BullMQ's job
schedulers.

Examples:
  gleaner schedule add example.com --every 24h
  gleaner schedule ls
  gleaner schedule rm example.com)");
  schedule->require_subcommand(1);
  add_add(*schedule, chosen);
  const auto options = std::make_shared<ScheduleOptions>();
  auto* ls = schedule->add_subcommand(
    "ls", "Lists schedules by their next time.\n\nExamples:\n  gleaner schedule ls --json");
  ls->add_flag("--json", options->json, "As one JSON document");
  ls->add_option("--limit", options->limit, "Most shown")
    ->check(CLI::Range(1, 1000000))
    ->capture_default_str();
  ls->callback([&chosen, options] { chosen = on_queue(options, list); });
  auto* rm = schedule->add_subcommand(
    "rm",
    "Removes schedules with their next jobs.\n\nExamples:\n  gleaner schedule rm example.com");
  rm->add_option("id", options->ids, "Schedules by their ids")->required();
  rm->callback([&chosen, options] { chosen = on_queue(options, remove); });
}

} // namespace gleaner
