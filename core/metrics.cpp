#include "core/metrics.hpp"

#include "core/normalize.hpp"
#include "core/series.hpp"

#include <limits>

namespace gleaner {

using namespace series;

namespace {

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
      credits_left(gauge(registry, "gleaner_quota_remaining_credits",
                         "Credits that the account has left, a lower bound", one_key)),
      credits_allowed(gauge(registry, "gleaner_quota_limit_credits",
                            "Credits that the account has in a period", one_key)),
      limiter_share(gauge(registry, "gleaner_api_limiter_share",
                          "Part of the limits that is used: less than 1 after refusals", one_key)),
      fetchers(gauge(registry, "gleaner_actors", "Actors by kind", {{"kind", "HunterFetcher"}})),
      other_status_(api_requests(registry, "other")),
      retries_throttled_(retries_total(registry, "throttled")),
      retries_unavailable_(retries_total(registry, "unavailable")),
      retries_unreadable_(retries_total(registry, "unreadable")) {
  for (const int status : {200, 400, 401, 402, 403, 404, 408, 422, 429, 451, 500, 502, 503, 504})
    by_status_[status] = &api_requests(registry, std::to_string(status));
  by_status_[0] = &api_requests(registry, "error");
}

void ApiMetrics::set_credits(const ApiAccount& account) {
  constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();
  credits_left.Set(account.credits_remaining.value_or(unknown));
  credits_allowed.Set(account.credits_available.value_or(unknown));
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
