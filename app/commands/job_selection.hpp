#pragma once

#include "app/commands/queue_session.hpp"
#include "core/job.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gleaner {

/// Which jobs a verb is for: those named, or those that filters choose.
struct JobSelection {
  std::vector<JobId> ids;
  bullmq::JobFilter filter;
  std::string default_state; ///< Where filters look unless --state says another; empty: everywhere.
  bool all = false;
  std::uint64_t limit = 1000000;
  bool dry_run = false;
  bool yes = false;
  bool json = false;
};

/// The options of a filter. `states`: those that --state may name, empty for no such option.
void add_filter(CLI::App& command, bullmq::JobFilter& filter,
                const std::vector<std::string>& states);

/// The options of a verb that only looks.
void add_reading(CLI::App& command, JobSelection& selection);

/// The options of a verb that changes jobs.
void add_changing(CLI::App& command, JobSelection& selection,
                  const std::vector<std::string>& states);

/// The jobs' ids; Errc::usage when nothing or both ids and filters are given.
Result<std::vector<JobId>> select_jobs(const JobSelection& selection, bullmq::JobBrowser& browser);

/// Finds the jobs, asks ("retry 12 jobs?") when they were chosen by filters, changes them in steps
/// and reports what became of them. `verb` is "retry", `past` "retried".
int change_jobs(
  const JobSelection& selection, QueueSession& session, const char* verb, const char* past,
  const std::function<Result<std::vector<bullmq::JobChange>>(const std::vector<JobId>&)>& change);

} // namespace gleaner
