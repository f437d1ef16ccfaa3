#include "app/commands/top_json.hpp"

#include "app/commands/quota_show.hpp"
#include "core/iso_time.hpp"

namespace gleaner {

namespace {

using Json = nlohmann::ordered_json;

template <class Number>
Json number_or_null(const std::optional<Number>& number) {
  return number ? Json(*number) : Json(nullptr);
}

Json of_counts(const QueueCounts& counts) {
  return {{"waiting", counts.waiting},
          {"prioritized", counts.prioritized},
          {"delayed", counts.delayed},
          {"active", counts.active},
          {"waiting-children", counts.waiting_children},
          {"completed", counts.completed},
          {"failed", counts.failed}};
}

Json of_job(const top::JobFigures& job) {
  return {{"id", job.id},         {"domain", job.domain},       {"worker", job.worker},
          {"status", job.status}, {"attempt", job.attempt},     {"attempts", job.attempts},
          {"page", job.page},     {"collected", job.collected}, {"total", job.total},
          {"ageMs", job.age_ms}};
}

/// `windows` and credits are null where Redis does not tell.
Json of_key(const top::KeyFigures& key) {
  const bool known = key.state != "unknown";
  const auto& credits = key.budget.credits;
  const auto amount = [&](double value) { return known ? Json(value) : Json(nullptr); };
  Json windows = Json::array();
  for (const auto& [window, allowed, used] : key.budget.windows)
    windows.push_back({{"requests", window.requests},
                       {"periodMs", window.period.count()},
                       {"allowed", allowed},
                       {"used", used}});
  return {{"name", key.name},
          {"state", key.state},
          {"closedMs", known ? Json(key.budget.closed.count()) : Json(nullptr)},
          {"windows", known ? windows : Json(nullptr)},
          {"creditsLeft", as_json(credits.remaining)},
          {"reserved", amount(credits.reserved)},
          {"spentToday", amount(credits.spent_today)},
          {"spentThisMonth", amount(credits.spent_this_month)},
          {"resetDate", known ? Json(key.budget.reset_date) : Json(nullptr)}};
}

Json of_node(const NodeTotals& node) {
  return {{"name", node.sum.name},
          {"version", node.sum.version},
          {"state", state_of(node.sum)},
          {"slots", node.sum.slots},
          {"busy", node.sum.busy},
          {"pages", node.sum.pages},
          {"coordinators", node.coordinators}};
}

Json of_worker(const top::WorkerFigures& worker) {
  return {{"name", worker.name},
          {"address", worker.address},
          {"jobs", number_or_null(worker.jobs)},
          {"connectedSeconds", number_or_null(worker.age_s)}};
}

template <class Items, class Make>
Json list_of(const Items& items, const Make& make) {
  Json list = Json::array();
  for (const auto& item : items)
    list.push_back(make(item));
  return list;
}

} // namespace

nlohmann::ordered_json to_json(const top::Figures& figures) {
  return {{"schema", "gleaner.top/1"},
          {"queue", figures.queue},
          {"time", iso_time(figures.now_ms)},
          {"paused", figures.counts.paused},
          {"counts", of_counts(figures.counts)},
          {"completedPerSecond", as_json(figures.completed_per_s)},
          {"failedPerSecond", as_json(figures.failed_per_s)},
          {"oldestWaitingMs", number_or_null(figures.counts.oldest_waiting_age_ms)},
          {"scheduleOverdueMs", figures.counts.schedule_overdue_ms},
          {"keys", list_of(figures.keys, of_key)},
          {"nodes", list_of(figures.nodes, of_node)},
          {"workers", list_of(figures.workers, of_worker)},
          {"allWorkers", figures.all_workers},
          {"jobs", list_of(figures.jobs, of_job)}};
}

} // namespace gleaner
