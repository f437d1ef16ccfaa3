#include "core/metrics.hpp"

#include "core/normalize.hpp"

namespace gleaner {

namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;
using Buckets = Histogram::BucketBoundaries;
using Labels = std::map<std::string, std::string>;

/// The alias of the API key; several keys come with their own aliases.
const Labels one_key{{"key", "default"}};

Counter& counter(Registry& registry, const char* name, const char* help, const Labels& labels) {
  return BuildCounter().Name(name).Help(help).Register(registry).Add(labels);
}

Gauge& gauge(Registry& registry, const char* name, const char* help, const Labels& labels) {
  return BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
}

Histogram& histogram(Registry& registry, const char* name, const char* help, const Labels& labels,
                     const Buckets& buckets) {
  return BuildHistogram().Name(name).Help(help).Register(registry).Add(labels, buckets);
}

Counter& jobs_total(Registry& registry, const std::string& queue, const char* outcome) {
  return counter(registry, "gleaner_jobs_total", "Jobs that ended for good",
                 {{"queue", queue}, {"outcome", outcome}});
}

Histogram& job_duration(Registry& registry, const std::string& queue, const char* outcome) {
  return histogram(registry, "gleaner_job_duration_seconds", "From take to final end of a try",
                   {{"queue", queue}, {"outcome", outcome}},
                   {.1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600});
}

Counter& parked_total(Registry& registry, const std::string& queue, const char* reason) {
  return counter(registry, "gleaner_jobs_parked_total",
                 "Jobs put back because something failed that all jobs need",
                 {{"queue", queue}, {"reason", reason}});
}

Gauge& worker_suspended(Registry& registry, const char* reason) {
  return gauge(registry, "gleaner_worker_suspended", "1 while no jobs are taken, by reason",
               {{"reason", reason}});
}

Counter& reconciled_total(Registry& registry, const char* kind) {
  return counter(registry, "gleaner_reconciled_total", "What belonged to nothing and was put right",
                 {{"kind", kind}});
}

Counter& retries_total(Registry& registry, const char* reason) {
  return counter(registry, "gleaner_api_retries_total", "Pages asked for again",
                 {{"key", "default"}, {"reason", reason}});
}

Counter& pages_total(Registry& registry, const char* result) {
  return counter(registry, "gleaner_pages_total", "Pages by what came of them",
                 {{"result", result}});
}

Counter& contacts_total(Registry& registry, const char* outcome) {
  return counter(registry, "gleaner_contacts_total", "Contacts by what became of them",
                 {{"outcome", outcome}});
}

Counter& storage_writes(Registry& registry, const char* result) {
  return counter(registry, "gleaner_storage_writes_total", "Collections written",
                 {{"backend", "file"}, {"result", result}});
}

Counter& api_requests(Registry& registry, const std::string& code) {
  return counter(registry, "gleaner_api_requests_total", "Requests by HTTP status",
                 {{"endpoint", "domain-search"}, {"key", "default"}, {"code", code}});
}

} // namespace

JobMetrics::JobMetrics(Registry& registry, const std::string& queue)
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
      self_fenced(counter(registry, "gleaner_self_fenced_total",
                          "Held jobs that waited because their lock could not be renewed in time",
                          {{"queue", queue}})),
      clock_steps(counter(registry, "gleaner_clock_steps_total",
                          "Steps of over 2 s of a clock, Redis's or this machine's", {})),
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
      parked_store_(parked_total(registry, queue, "store")),
      parked_key_(parked_total(registry, queue, "key")),
      suspended_store_(worker_suspended(registry, "store")),
      suspended_key_(worker_suspended(registry, "key")),
      oldest_waiting_(gauge(registry, "gleaner_queue_oldest_waiting_age_seconds",
                            "Age of the job that is next to run", {{"queue", queue}})),
      paused_(gauge(registry, "gleaner_queue_paused", "1 while the queue is paused",
                    {{"queue", queue}})) {
  for (const auto* state :
       {"waiting", "prioritized", "delayed", "active", "waiting-children", "completed", "failed"})
    by_state_[state] =
      &gauge(registry, "gleaner_queue_jobs", "Jobs by state", {{"queue", queue}, {"state", state}});
}

void JobMetrics::count_parked(SuspensionReason reason) {
  (reason == SuspensionReason::store ? parked_store_ : parked_key_).Increment();
}

Gauge& JobMetrics::suspended(SuspensionReason reason) {
  return reason == SuspensionReason::store ? suspended_store_ : suspended_key_;
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
}

ReconcileMetrics::ReconcileMetrics(Registry& registry)
    : jobs(reconciled_total(registry, "job")),
      finished_jobs(reconciled_total(registry, "finished_job")),
      ledgers(reconciled_total(registry, "ledger")), locks(reconciled_total(registry, "lock")),
      ghosts(reconciled_total(registry, "ghost")),
      temp_files(reconciled_total(registry, "temp_file")) {}

ApiMetrics::ApiMetrics(Registry& registry)
    : request_duration(histogram(registry, "gleaner_api_request_duration_seconds",
                                 "From sending a request to its whole answer",
                                 {{"endpoint", "domain-search"}, {"key", "default"}},
                                 {.05, .1, .25, .5, 1, 2.5, 5, 10, 30})),
      in_flight(gauge(registry, "gleaner_api_requests_in_flight", "Requests without answer so far",
                      one_key)),
      throttled(counter(registry, "gleaner_api_throttled_total",
                        "Answers that told us to slow down", one_key)),
      backoff_seconds(counter(registry, "gleaner_api_backoff_seconds_total",
                              "Time that pages were told to wait", one_key)),
      response_bytes(
        counter(registry, "gleaner_api_response_bytes_total", "Decoded body bytes", one_key)),
      limiter_wait(histogram(registry, "gleaner_api_limiter_wait_seconds",
                             "Wait of a page for its permit", one_key,
                             {.001, .005, .01, .05, .1, .5, 1, 5, 15, 60})),
      fetchers(gauge(registry, "gleaner_actors", "Actors by kind", {{"kind", "HunterFetcher"}})),
      other_status_(api_requests(registry, "other")),
      retries_throttled_(retries_total(registry, "throttled")),
      retries_unavailable_(retries_total(registry, "unavailable")),
      retries_unreadable_(retries_total(registry, "unreadable")) {
  for (const int status : {200, 400, 401, 402, 403, 404, 408, 422, 429, 451, 500, 502, 503, 504})
    by_status_[status] = &api_requests(registry, std::to_string(status));
  by_status_[0] = &api_requests(registry, "error");
}

void ApiMetrics::count_request(int status) {
  const auto found = by_status_.find(status);
  (found == by_status_.end() ? other_status_ : *found->second).Increment();
}

void ApiMetrics::count_retry(Errc why) {
  if (why == Errc::api_throttled)
    retries_throttled_.Increment();
  else if (why == Errc::body_malformed)
    retries_unreadable_.Increment();
  else
    retries_unavailable_.Increment();
}

ContactMetrics::ContactMetrics(Registry& registry)
    : pages_fetched(pages_total(registry, "fetched")), pages_empty(pages_total(registry, "empty")),
      pages_unreadable(pages_total(registry, "unreadable")),
      pages_replayed(pages_total(registry, "replayed")),
      pages_damaged(pages_total(registry, "damaged")), stored(contacts_total(registry, "stored")),
      duplicate(contacts_total(registry, "duplicate")),
      rejected(contacts_total(registry, "rejected")) {
  for (const auto& reject : contact_rejects)
    rejects_[{reject.field, reject.reason}] =
      &counter(registry, "gleaner_normalization_rejects_total", "Records and fields refused",
               {{"field", std::string{reject.field}}, {"reason", std::string{reject.reason}}});
}

void ContactMetrics::count_reject(const ContactReject& reject) {
  if (const auto found = rejects_.find({reject.field, reject.reason}); found != rejects_.end())
    found->second->Increment();
}

StoreMetrics::StoreMetrics(Registry& registry)
    : writes_ok(storage_writes(registry, "ok")), writes_failed(storage_writes(registry, "error")),
      duration(histogram(registry, "gleaner_storage_write_duration_seconds",
                         "Time to make a group of collections durable", {{"backend", "file"}},
                         {.0005, .001, .005, .01, .05, .1, .5, 1, 5})),
      free_bytes(gauge(registry, "gleaner_storage_free_bytes", "Space that is left for collections",
                       {{"backend", "file"}})) {
  for (const auto op :
       {StoreOp::write, StoreOp::sync, StoreOp::rename, StoreOp::folder, StoreOp::read})
    by_op_[op] = &counter(registry, "gleaner_storage_errors_total", "Store operations that failed",
                          {{"backend", "file"}, {"op", to_string(op)}});
}

void StoreMetrics::count_error(StoreOp op) {
  by_op_.at(op)->Increment();
}

ProcessMetrics::ProcessMetrics(Registry& registry, const std::string& version)
    : ready(gauge(registry, "gleaner_ready", "1 while /readyz says so", {})),
      redis_connected(gauge(registry, "gleaner_redis_connected",
                            "1 while the command connection is up", {{"role", "commands"}})),
      start_time(
        gauge(registry, "gleaner_start_time_seconds", "Start, seconds since the epoch", {})),
      log_dropped(counter(registry, "gleaner_log_dropped_total",
                          "Log lines lost because nobody read stderr", {})) {
  gauge(registry, "gleaner_build_info", "Always 1; what runs here", {{"version", version}}).Set(1);
}

} // namespace gleaner
