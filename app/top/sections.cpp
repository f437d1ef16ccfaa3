#include "app/top/sections.hpp"

#include "app/setting_values.hpp"
#include "app/top/fitted_table.hpp"
#include "app/top/frame.hpp"

#include <chrono>
#include <optional>

namespace gleaner::top {

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// "12 of 15/s 340 of 500/min (now 250)": requests that went out in each window, of those that it
/// allows, and how many of these are used since the API refused some.
std::string pace_text(const budget::BudgetView& budget) {
  std::string text;
  for (const auto& [window, allowed, used] : budget.windows) {
    text += (text.empty() ? "" : " ") + std::to_string(used) + " of " + show_limits({window});
    if (allowed < window.requests)
      text += " (now " + std::to_string(allowed) + ')';
  }
  return text.empty() ? "unlimited" : text;
}

std::string state_text(const KeyFigures& key) {
  if (key.state == "closed")
    return "closed " + short_duration(key.budget.closed);
  auto text = key.state;
  for (auto& c : text)
    c = c == '_' ? ' ' : c;
  return text;
}

std::string known(const std::optional<std::uint64_t>& count) {
  return count ? std::to_string(*count) : "-";
}

std::string progress_text(const JobFigures& job) {
  if (job.total > 0)
    return std::to_string(job.collected) + '/' + std::to_string(job.total);
  return job.collected > 0 ? std::to_string(job.collected) : "-";
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

} // namespace

std::vector<std::string> key_section(const std::vector<KeyFigures>& keys, std::size_t columns) {
  Rows rows;
  for (const auto& key : keys) {
    const auto& credits = key.budget.credits;
    if (key.state == "unknown")
      rows.push_back({key.name, key.state, "-", "-", "-", "-", "-", "-"});
    else
      rows.push_back({key.name, state_text(key), pace_text(key.budget),
                      show_credits(credits.remaining), show_credits(credits.reserved),
                      show_credits(credits.spent_today), show_credits(credits.spent_this_month),
                      or_dash(key.budget.reset_date)});
  }
  if (rows.empty())
    return {};
  return fitted_table({{"KEY", 6},
                       {"STATE", 7},
                       {"USED OF PACE", 26},
                       {"LEFT", 6, 0, true},
                       {"RESERVED", 8, 1, true},
                       {"TODAY", 5, 2, true},
                       {"MONTH", 5, 3, true},
                       {"RESETS", 6, 4}},
                      std::move(rows), columns);
}

std::vector<std::string> node_section(const std::vector<NodeTotals>& nodes, std::size_t columns) {
  Rows rows;
  for (const auto& [node, coordinators] : nodes)
    rows.push_back({node.name, state_of(node), std::to_string(node.busy),
                    std::to_string(node.slots), std::to_string(node.pages),
                    std::to_string(coordinators), or_dash(node.version)});
  if (rows.empty())
    return {};
  return fitted_table({{"NODE", 8},
                       {"STATE", 6},
                       {"BUSY", 4, 0, true},
                       {"SLOTS", 5, 0, true},
                       {"PAGES", 5, 1, true},
                       {"COORDINATORS", 12, 3, true},
                       {"VERSION", 7, 2}},
                      std::move(rows), columns);
}

std::vector<std::string> worker_section(const Figures& figures, std::size_t columns) {
  Rows rows;
  for (const auto& worker : figures.workers)
    rows.push_back({worker.name.empty() ? "(unnamed)" : worker.name, known(worker.jobs),
                    worker.age_s ? short_duration(std::chrono::seconds{*worker.age_s}) : "-",
                    or_dash(worker.address)});
  if (rows.empty())
    return {};
  return fitted_table(
    {{"WORKER", 8}, {"JOBS", 4, 0, true}, {"CONNECTED", 9, 1, true}, {"FROM", 9, 2}},
    std::move(rows), columns);
}

std::vector<std::string> job_section(const std::vector<JobFigures>& jobs, std::size_t columns) {
  Rows rows;
  for (const auto& job : jobs)
    rows.push_back({job.id, or_dash(job.domain), or_dash(job.status),
                    job.page > 0 ? std::to_string(job.page) : "-", progress_text(job),
                    std::to_string(job.attempt) + '/' + std::to_string(job.attempts),
                    short_duration(std::chrono::milliseconds{job.age_ms}), or_dash(job.worker)});
  if (rows.empty())
    return {};
  return fitted_table({{"JOB", 5},
                       {"DOMAIN", 12},
                       {"STATUS", 8, 1},
                       {"PAGE", 4, 0, true},
                       {"CONTACTS", 9, 0, true},
                       {"TRY", 3, 2, true},
                       {"AGE", 5, 0, true},
                       {"WORKER", 8, 3}},
                      std::move(rows), columns);
}

} // namespace gleaner::top
