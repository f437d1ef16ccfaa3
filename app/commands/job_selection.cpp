#include "app/commands/job_selection.hpp"

#include "app/commands/job_json.hpp"
#include "app/confirmation.hpp"
#include "app/exit_code.hpp"
#include "app/terminal.hpp"
#include "core/domain.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <map>
#include <unordered_set>

namespace gleaner {

namespace {

using bullmq::JobChange;
using Json = nlohmann::ordered_json;

bool has_filter(const JobSelection& selection) {
  const auto& filter = selection.filter;
  return selection.all || !filter.domain.empty() || !filter.reason.empty() ||
         !filter.failure_class.empty() || !filter.state.empty();
}

/// Jobs by what became of them.
using Outcome = std::map<JobChange, std::vector<JobId>>;

const char* why_not(JobChange change) {
  switch (change) {
  case JobChange::done:
    break;
  case JobChange::missing:
    return "there is no such job";
  case JobChange::wrong_state:
    return "not in a state for it";
  case JobChange::held:
    return "a worker holds it";
  case JobChange::planned:
    return "the next job of a scheduler; see `gleaner schedule rm`";
  }
  return "";
}

void print_text(const Outcome& outcome, const char* past) {
  const auto done = outcome.find(JobChange::done);
  std::cout << past << ' ' << jobs_in_words(done == outcome.end() ? 0 : done->second.size())
            << '\n';
  for (const auto& [change, ids] : outcome) {
    constexpr std::size_t most_named = 20;
    if (change == JobChange::done)
      continue;
    std::cerr << "gleaner: not " << past << " (" << why_not(change) << "):";
    for (std::size_t i = 0; i < std::min(ids.size(), most_named); ++i)
      std::cerr << ' ' << harmless(ids[i]);
    if (ids.size() > most_named)
      std::cerr << " and " << ids.size() - most_named << " more";
    std::cerr << '\n';
  }
}

void print_json(const Outcome& outcome) {
  const auto ids_of = [&](JobChange change) {
    const auto found = outcome.find(change);
    return found == outcome.end() ? std::vector<JobId>{} : found->second;
  };
  std::cout << Json{{"schema", "gleaner.changes/1"},
                    {"changed", ids_of(JobChange::done)},
                    {"missing", ids_of(JobChange::missing)},
                    {"wrongState", ids_of(JobChange::wrong_state)},
                    {"held", ids_of(JobChange::held)},
                    {"planned", ids_of(JobChange::planned)}}
                 .dump(-1, ' ', false, Json::error_handler_t::replace)
            << '\n';
}

int exit_code(const Outcome& outcome) {
  if (outcome.empty() || (outcome.size() == 1 && outcome.contains(JobChange::done)))
    return 0;
  if (outcome.contains(JobChange::done))
    return static_cast<int>(ExitCode::partial);
  return static_cast<int>(outcome.size() == 1 && outcome.contains(JobChange::missing)
                            ? ExitCode::not_found
                            : ExitCode::failed);
}

void print_ids(const std::vector<JobId>& ids, const char* verb, bool json) {
  if (json) {
    std::cout << Json{{"schema", "gleaner.selection/1"}, {"ids", ids}}.dump(
                   -1, ' ', false, Json::error_handler_t::replace)
              << '\n';
    return;
  }
  std::cerr << "would " << verb << ' ' << jobs_in_words(ids.size()) << '\n';
  for (const auto& id : ids)
    std::cout << harmless(id) << '\n';
}

} // namespace

namespace {

std::vector<JobId> without_repeats(const std::vector<JobId>& ids) {
  std::vector<JobId> once;
  std::unordered_set<JobId> seen;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(once),
               [&](const JobId& id) { return seen.insert(id).second; });
  return once;
}

/// A domain as the jobs have it; other text as it is, for jobs that have no domain either.
std::string as_domain(const std::string& text) {
  const auto domain = clean_domain(text);
  return domain ? *domain : text;
}

} // namespace

void add_filter(CLI::App& command, bullmq::JobFilter& filter,
                const std::vector<std::string>& states) {
  command.add_option("--domain", filter.domain, "Jobs of this domain")->transform(as_domain);
  command.add_option("--error", filter.reason, "Jobs whose failure's text has this");
  command.add_option("--class", filter.failure_class,
                     "Failed jobs of this error class; see `gleaner dlq ls`");
  if (!states.empty())
    command.add_option("--state", filter.state, "Jobs in this state")->check(CLI::IsMember(states));
}

void add_reading(CLI::App& command, JobSelection& selection) {
  command.add_option("id", selection.ids, "Jobs by their ids");
  add_filter(command, selection.filter, {});
  command.add_option("--limit", selection.limit, "Most jobs")
    ->check(CLI::Range(1, 100000000))
    ->capture_default_str();
}

void add_changing(CLI::App& command, JobSelection& selection,
                  const std::vector<std::string>& states) {
  command.add_option("id", selection.ids, "Jobs by their ids");
  add_filter(command, selection.filter, states);
  command.add_flag("--all", selection.all, "All jobs that it can be done to");
  command.add_option("--limit", selection.limit, "Most jobs")
    ->check(CLI::Range(1, 100000000))
    ->capture_default_str();
  command.add_flag("--dry-run", selection.dry_run, "Only list them");
  command.add_flag("-y,--yes", selection.yes, "Don't ask");
  command.add_flag("--json", selection.json, "As one JSON document");
}

Result<std::vector<JobId>> select_jobs(const JobSelection& selection, bullmq::JobBrowser& browser) {
  const bool filtered = has_filter(selection);
  if (!selection.ids.empty() && filtered)
    return Error{Errc::usage, "give ids or filters, not both"};
  if (!selection.ids.empty())
    return without_repeats(selection.ids);
  if (!filtered)
    return Error{Errc::usage, "no jobs named: give ids, or --domain, --error, --class, --all"};
  std::vector<JobId> ids;
  auto filter = selection.filter;
  if (filter.state.empty())
    filter.state = selection.default_state;
  const auto found = browser.find(filter, [&](const bullmq::JobView& job) {
    ids.push_back(job.id);
    return ids.size() < selection.limit;
  });
  if (!found)
    return found.error();
  return ids;
}

int change_jobs(
  const JobSelection& selection, QueueSession& session, const char* verb, const char* past,
  const std::function<Result<std::vector<JobChange>>(const std::vector<JobId>&)>& change) {
  const auto ids = select_jobs(selection, session.browser);
  if (!ids)
    return report_failure(ids.error());
  if (selection.dry_run) {
    print_ids(*ids, verb, selection.json);
    return 0;
  }
  const auto question = std::string{verb} + ' ' + jobs_in_words(ids->size()) + '?';
  const auto code = confirm(question, selection.yes || !selection.ids.empty() || ids->empty());
  if (code != ExitCode::ok)
    return static_cast<int>(code);
  Outcome outcome;
  for (std::size_t first = 0; first < ids->size(); first += bullmq::QueueAdmin::step) {
    const auto last = std::min<std::size_t>(first + bullmq::QueueAdmin::step, ids->size());
    const std::vector<JobId> some{ids->begin() + static_cast<std::ptrdiff_t>(first),
                                  ids->begin() + static_cast<std::ptrdiff_t>(last)};
    const auto changes = change(some);
    if (!changes) {
      std::cerr << "gleaner: stopped behind " << first << " of " << jobs_in_words(ids->size())
                << '\n';
      return report_failure(changes.error());
    }
    for (std::size_t i = 0; i < some.size(); ++i)
      outcome[(*changes)[i]].push_back(some[i]);
  }
  if (selection.ids.empty())
    outcome.erase(
      JobChange::missing); // nobody named them, and they went with their parents or by themselves
  if (selection.json)
    print_json(outcome);
  else
    print_text(outcome, past);
  return exit_code(outcome);
}

} // namespace gleaner
