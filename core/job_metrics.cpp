#include "core/job_metrics.hpp"

#include "core/series.hpp"

#include <utility>

namespace gleaner {

using namespace series;

namespace {

Counter& jobs_total(Registry& registry, const std::string& queue, const char* outcome) {
  return counter(registry, "gleaner_jobs_total", "Jobs that ended for good",
                 {{"queue", queue}, {"outcome", outcome}});
}

Histogram& job_duration(Registry& registry, const std::string& queue, const char* outcome) {
  return histogram(registry, "gleaner_job_duration_seconds", "From take to final end of a try",
                   {{"queue", queue}, {"outcome", outcome}},
                   {.1, .5, 1, 5, 10, 30, 60, 300, 900, 3600});
}

Counter& parked_total(Registry& registry, const std::string& queue, const char* reason) {
  return counter(registry, "gleaner_jobs_parked_total",
                 "Jobs put back because something failed that all jobs need",
                 {{"queue", queue}, {"reason", reason}});
}

Gauge& worker_suspended(Registry& registry, const char* reason) {
  return gauge(registry, "gleaner_worker_suspended",
               "1 while jobs of one key at least are put back, by reason; others may go on",
               {{"reason", reason}});
}

} // namespace

BullmqMetrics::BullmqMetrics(Registry& registry, const std::string& queue)
    : completed_{counter(registry, "bullmq_job_completed_total", "Total number of completed jobs",
                         {{"queue", queue}})},
      failed_{counter(registry, "bullmq_job_failed_total", "Total number of failed jobs",
                      {{"queue", queue}})} {
  for (const auto* state : {"waiting", "active", "completed", "failed", "delayed", "paused",
                            "prioritized", "waiting-children"})
    by_state_[state] = &gauge(registry, "bullmq_job_count", "Number of jobs in the queue by state",
                              {{"queue", queue}, {"state", state}});
}

void BullmqMetrics::Chart::follow(std::uint64_t count) {
  counter.Increment(static_cast<double>(count < last ? count : count - last));
  last = count;
}

void BullmqMetrics::set(const QueueCounts& counts) {
  const std::pair<const char*, std::uint64_t> states[] = {
    {"waiting", counts.waiting - counts.in_paused_list},
    {"paused", counts.in_paused_list},
    {"active", counts.active},
    {"completed", counts.completed},
    {"failed", counts.failed},
    {"delayed", counts.delayed},
    {"prioritized", counts.prioritized},
    {"waiting-children", counts.waiting_children}};
  for (const auto& [state, jobs] : states)
    by_state_.at(state)->Set(static_cast<double>(jobs));
  completed_.follow(counts.charted_completed);
  failed_.follow(counts.charted_failed);
}

JobMetrics::JobMetrics(Registry& registry, const std::string& queue, bool bullmq_names)
    : started(counter(registry, "gleaner_jobs_started_total", "Jobs taken from the queue",
                      {{"queue", queue}})),
      retried(counter(registry, "gleaner_jobs_retried_total", "Failed tries with attempts left",
                      {{"queue", queue}})),
      stalled(counter(registry, "gleaner_jobs_stalled_total",
                      "Jobs of dead workers found by the stalled check", {{"queue", queue}})),
      poisoned(counter(registry, "gleaner_jobs_poisoned_total",
                       "Jobs failed by the stalled check: they stalled too often",
                       {{"queue", queue}})),
      released(counter(registry, "gleaner_jobs_released_total",
                       "Jobs put back to waiting by a shutdown", {{"queue", queue}})),
      completed(jobs_total(registry, queue, "completed")),
      failed(jobs_total(registry, queue, "failed")),
      resumed(counter(registry, "gleaner_jobs_resumed_total",
                      "Jobs that went on with pages of earlier tries", {{"queue", queue}})),
      lock_lost(counter(registry, "gleaner_redis_lock_lost_total",
                        "Held jobs that another worker or a flush took away", {{"queue", queue}})),
      orphans(counter(registry, "gleaner_orphans_total",
                      "Collections stored for jobs that were gone by then", {{"queue", queue}})),
      progress_dropped(counter(registry, "gleaner_progress_dropped_total",
                               "Progress that Redis did not take", {{"queue", queue}})),
      self_fenced(counter(registry, "gleaner_self_fenced_total",
                          "Held jobs that waited because their lock could not be renewed in time",
                          {{"queue", queue}})),
      clock_steps(counter(registry, "gleaner_clock_steps_total",
                          "Steps of a clock, Redis's or this machine's", {})),
      active(
        gauge(registry, "gleaner_jobs_active", "Jobs held by this process", {{"queue", queue}})),
      slots(gauge(registry, "gleaner_worker_slots", "Jobs that this process works on at once",
                  {{"queue", queue}})),
      wait(histogram(registry, "gleaner_job_wait_seconds", "From creation to take",
                     {{"queue", queue}}, {.1, 1, 5, 15, 60, 300, 900, 3600, 14400, 86400})),
      duration_completed(job_duration(registry, queue, "completed")),
      duration_failed(job_duration(registry, queue, "failed")),
      pages(histogram(registry, "gleaner_job_pages", "Pages fetched for a completed job",
                      {{"queue", queue}}, {1, 2, 3, 5, 10, 20, 50, 100})),
      oldest_waiting_(gauge(registry, "gleaner_queue_oldest_waiting_age_seconds",
                            "Age of the job that is next to run", {{"queue", queue}})),
      paused_(
        gauge(registry, "gleaner_queue_paused", "1 while the queue is paused", {{"queue", queue}})),
      rate_limit_ttl_(gauge(registry, "gleaner_queue_rate_limit_ttl_seconds",
                            "For how long the queue's own limit holds takes up",
                            {{"queue", queue}})),
      schedule_overdue_(
        gauge(registry, "gleaner_schedule_overdue_seconds",
              "For how long a schedule's next job should have started; 0: none is late",
              {{"queue", queue}})) {
  if (bullmq_names)
    bullmq_.emplace(registry, queue);
  for (const auto reason : suspension_reasons) {
    parked_[reason] = &parked_total(registry, queue, to_string(reason));
    suspended_[reason] = &worker_suspended(registry, to_string(reason));
  }
  for (const auto reason : failure_reasons)
    failures_[reason] = &counter(registry, "gleaner_job_failures_total",
                                 "Jobs that failed for good: the job itself (bad_data), stalled "
                                 "too often (poison), a failed child (children), a bug (internal)",
                                 {{"queue", queue}, {"reason", to_string(reason)}});
  for (const auto* state :
       {"waiting", "prioritized", "delayed", "active", "waiting-children", "completed", "failed"})
    by_state_[state] = &gauge(registry, "gleaner_queue_jobs", "Jobs of the queue by state",
                              {{"queue", queue}, {"state", state}});
}

void JobMetrics::count_parked(SuspensionReason reason) {
  parked_.at(reason)->Increment();
}

void JobMetrics::count_failure(FailureReason reason, double jobs) {
  failures_.at(reason)->Increment(jobs);
}

Gauge& JobMetrics::suspended(SuspensionReason reason) {
  return *suspended_.at(reason);
}

void JobMetrics::set_counts(const QueueCounts& counts) {
  const auto set = [this](const char* state, std::uint64_t jobs) {
    by_state_.at(state)->Set(static_cast<double>(jobs));
  };
  set("waiting", counts.waiting);
  set("prioritized", counts.prioritized);
  set("delayed", counts.delayed);
  set("active", counts.active);
  set("waiting-children", counts.waiting_children);
  set("completed", counts.completed);
  set("failed", counts.failed);
  oldest_waiting_.Set(static_cast<double>(counts.oldest_waiting_age_ms.value_or(0)) / 1000);
  paused_.Set(counts.paused ? 1 : 0);
  rate_limit_ttl_.Set(static_cast<double>(counts.rate_limit_ttl_ms) / 1000);
  if (bullmq_)
    bullmq_->set(counts);
  schedule_overdue_.Set(static_cast<double>(counts.schedule_overdue_ms) / 1000);
}

} // namespace gleaner
