#pragma once

#include "adapters/budget/budget_view.hpp"
#include "app/cluster_view.hpp"
#include "core/job.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// `gleaner top`: what Redis knows of a queue, its workers and its API keys, again and again.
namespace gleaner::top {

/// A job at work, as it tells itself.
struct JobFigures {
  std::string id;
  std::string domain;
  std::string worker; ///< Its name, or "" when it has none.
  std::string status; ///< Of the progress, such as "fetching"; "" for that of another worker.
  std::uint64_t attempt = 1;   ///< From 1 on.
  std::uint64_t attempts = 1;  ///< The most there may be.
  std::uint64_t page = 0;      ///< Furthest so far.
  std::uint64_t collected = 0; ///< Contacts.
  std::uint64_t total = 0;     ///< Contacts that there are; 0: not known yet.
  std::int64_t age_ms = 0;     ///< Since it was taken.
};

struct KeyFigures {
  std::string name;
  /// open; closed: for a pause that refusals made; drained; day_cap, month_cap, floor: what the
  /// settings here allow is spent; unknown: Redis refuses to tell.
  std::string state;
  budget::BudgetView budget;
};

struct WorkerFigures {
  std::string name;                  ///< "" for those without one.
  std::string address;               ///< Where it comes from; "" when Redis does not tell.
  std::optional<std::uint64_t> jobs; ///< At work; unknown for those without a name.
  std::optional<std::int64_t> age_s; ///< Of its connection.
};

/// All of it at one time.
struct Figures {
  std::string queue;       ///< With its prefix.
  std::int64_t now_ms = 0; ///< By Redis's clock.
  QueueCounts counts;
  std::optional<double> completed_per_s, failed_per_s; ///< Unknown at the first look.
  std::vector<JobFigures> jobs; ///< Of more than `most_jobs`, those taken first.
  std::vector<KeyFigures> keys;
  std::vector<NodeTotals> nodes;
  std::vector<WorkerFigures> workers;
  bool all_workers = true; ///< Else Redis refuses its list, and those with a job at work are there.
};

/// So many jobs at work are looked at.
inline constexpr std::uint32_t most_jobs = 200;

/// In which order jobs are shown.
enum class JobOrder : std::uint8_t {
  contacts, ///< Those that have gathered most first.
  age,      ///< Those that were taken first.
  domain
};

} // namespace gleaner::top
