#include "app/top/reader.hpp"

#include "adapters/budget/redis_budget.hpp"
#include "adapters/bullmq/shallow_json.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace gleaner::top {

namespace {

/// What the connection itself has is everybody's trouble; all else is that of one question.
bool is_of_connection(const Error& error) {
  return error.code == Errc::redis_unavailable;
}

std::uint64_t count_at(const bullmq::Json& object, const char* name) {
  const auto number = bullmq::integer_in(object, name).value_or(0);
  return number > 0 ? static_cast<std::uint64_t>(number) : 0;
}

/// How many jobs each named worker has.
std::map<std::string, std::uint64_t> jobs_by_worker(const std::vector<JobFigures>& jobs) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& job : jobs)
    if (!job.worker.empty())
      ++counts[job.worker];
  return counts;
}

} // namespace

JobFigures job_figures(const bullmq::JobView& job, std::int64_t now_ms) {
  JobFigures figures;
  figures.id = job.id;
  figures.domain = job.domain;
  figures.worker = job.processed_by;
  figures.attempt = job.attempts_made + std::uint64_t{1};
  figures.attempts = std::max<std::uint64_t>(job.attempts, figures.attempt);
  if (job.processed_on_ms > 0)
    figures.age_ms = std::max<std::int64_t>(0, now_ms - job.processed_on_ms);
  const auto progress = bullmq::parse_shallow(job.progress);
  if (!progress.is_object())
    return figures;
  const auto status = progress.find("status");
  if (status != progress.end() && status->is_string())
    figures.status = status->get<std::string>();
  figures.page = count_at(progress, "page");
  figures.collected = count_at(progress, "collected");
  figures.total = count_at(progress, "total");
  return figures;
}

std::string state_of_key(const budget::BudgetView& budget, const CreditCaps& caps,
                         double page_cost) {
  if (budget.drained)
    return "drained";
  switch (reached_cap(budget.credits, caps, page_cost)) {
  case SpendingStop::per_day:
    return "day_cap";
  case SpendingStop::per_month:
    return "month_cap";
  case SpendingStop::floor:
    return "floor";
  case SpendingStop::drained:
  case SpendingStop::none:
    break;
  }
  return budget.closed.count() > 0 ? "closed" : "open";
}

std::vector<WorkerFigures> worker_figures(const std::vector<bullmq::WorkerConnection>& workers,
                                          const std::vector<JobFigures>& jobs) {
  auto counts = jobs_by_worker(jobs);
  std::vector<WorkerFigures> figures;
  for (const auto& worker : workers) {
    WorkerFigures each{worker.name, worker.address, std::nullopt, worker.age_s};
    if (!worker.name.empty())
      each.jobs = counts[worker.name];
    figures.push_back(std::move(each));
  }
  return figures;
}

Reader::Reader(redis::RedisClient& client, const Config& config, double page_cost)
    : client_(client), config_(config),
      page_cost_(page_cost), queue_{config.queue.prefix, config.queue.name}, browser_{client,
                                                                                      queue_} {}

Status Reader::add_queue(Figures& figures) {
  const auto counts = browser_.counts();
  if (!counts)
    return counts.error();
  const auto overview = browser_.overview(most_jobs);
  if (!overview)
    return overview.error();
  figures.counts = *counts;
  figures.now_ms = overview->now_ms;
  completed_.note(figures.now_ms, counts->completed, overview->completed_ever);
  failed_.note(figures.now_ms, counts->failed, overview->failed_ever);
  figures.completed_per_s = completed_.per_second();
  figures.failed_per_s = failed_.per_second();
  for (const auto& job : overview->active)
    figures.jobs.push_back(job_figures(job, figures.now_ms));
  return Done{};
}

Status Reader::add_keys(Figures& figures) {
  for (const auto& key : api_keys(config_.api)) {
    if (key.secret.empty())
      continue; // no key at all: its budget can't be found
    auto budget = budget::view_budget(client_, budget::state_key(key.secret), key.limits);
    if (!budget && is_of_connection(budget.error()))
      return budget.error();
    if (budget)
      figures.keys.push_back(
        {key.name, state_of_key(*budget, key.caps, page_cost_), std::move(*budget)});
    else
      figures.keys.push_back({key.name, "unknown", {}});
  }
  return Done{};
}

Status Reader::add_nodes(Figures& figures) {
  const auto cluster = read_cluster(client_, ClusterKeys{queue_});
  if (cluster)
    figures.nodes = nodes_of(*cluster);
  return cluster || !is_of_connection(cluster.error()) ? Status{Done{}} : cluster.error();
}

Status Reader::add_workers(Figures& figures) {
  if (may_list_clients_) {
    const auto workers = bullmq::list_workers(client_, config_.queue);
    if (workers) {
      figures.workers = worker_figures(*workers, figures.jobs);
      return Done{};
    }
    if (is_of_connection(workers.error()))
      return workers.error();
    may_list_clients_ = false; // each refusal is a line in Redis's log of them
  }
  figures.all_workers = false;
  for (const auto& [name, jobs] : jobs_by_worker(figures.jobs))
    figures.workers.push_back({name, "", jobs, std::nullopt});
  return Done{};
}

Result<Figures> Reader::look() {
  Figures figures;
  figures.queue = queue_.prefix + ':' + queue_.queue;
  for (const auto add :
       {&Reader::add_queue, &Reader::add_keys, &Reader::add_nodes, &Reader::add_workers})
    if (const auto added = (this->*add)(figures); !added)
      return added.error();
  return figures;
}

} // namespace gleaner::top
