#include "core/metrics.hpp"

#include "core/api_problem.hpp"
#include "core/normalize.hpp"
#include "core/series.hpp"

#include <array>
#include <limits>

namespace gleaner {

using namespace series;

namespace {

constexpr std::array key_states{"ok", "exhausted", "invalid", "drained"};

Counter& reconciled_total(Registry& registry, const char* kind) {
  return counter(registry, "gleaner_reconciled_total", "What belonged to nothing and was put right",
                 {{"kind", kind}});
}

Counter& retries_total(Registry& registry, const std::string& key, const char* reason) {
  return counter(registry, "gleaner_api_retries_total", "Pages asked for again",
                 {{"key", key}, {"reason", reason}});
}

Counter& saved_credits(Registry& registry, const std::string& key, const char* reason) {
  return counter(registry, "gleaner_quota_saved_credits_total",
                 "Credits that were not spent again, by our own count",
                 {{"key", key}, {"reason", reason}});
}

Counter& pages_total(Registry& registry, const char* result) {
  return counter(registry, "gleaner_pages_total", "Pages by what came of them",
                 {{"result", result}});
}

Counter& contacts_total(Registry& registry, const char* outcome) {
  return counter(registry, "gleaner_contacts_total", "Contacts by what became of them",
                 {{"outcome", outcome}});
}

Counter& pagination_anomalies(Registry& registry, const char* kind) {
  return counter(registry, "gleaner_pagination_anomalies_total",
                 "Collections whose pages contradicted each other", {{"kind", kind}});
}

Counter& api_problems_total(Registry& registry, const std::string& key, const ApiProblem& problem) {
  const Labels labels{{"key", key}, {"kind", std::string{problem.kind}}};
  return problem.is_of_body
           ? counter(registry, "gleaner_api_bad_body_total", "Bodies that could not be had", labels)
           : counter(registry, "gleaner_api_refused_total",
                     "Answers that were not followed, not trusted or not allowed", labels);
}

Counter& storage_writes(Registry& registry, const char* result) {
  return counter(registry, "gleaner_storage_writes_total", "Collections written",
                 {{"backend", "file"}, {"result", result}});
}

Counter& saved_requests(Registry& registry, const std::string& key, const char* reason) {
  return counter(registry, "gleaner_api_saved_requests_total", "Requests that were not needed",
                 {{"key", key}, {"reason", reason}});
}

Counter& api_requests(Registry& registry, const std::string& key, const std::string& code) {
  return counter(registry, "gleaner_api_requests_total", "Requests by HTTP status",
                 {{"endpoint", "domain-search"}, {"key", key}, {"code", code}});
}

} // namespace

ReconcileMetrics::ReconcileMetrics(Registry& registry)
    : jobs(reconciled_total(registry, "job")),
      finished_jobs(reconciled_total(registry, "finished_job")),
      ledgers(reconciled_total(registry, "ledger")), locks(reconciled_total(registry, "lock")),
      ghosts(reconciled_total(registry, "ghost")),
      temp_files(reconciled_total(registry, "temp_file")) {}

ApiMetrics::ApiMetrics(Registry& registry, const std::string& key)
    : ApiMetrics(registry, key, {{"key", key}}) {}

ApiMetrics::ApiMetrics(Registry& registry, const std::string& key, const Labels& one_key)
    : request_duration(histogram(registry, "gleaner_api_request_duration_seconds",
                                 "From sending a request to its whole answer",
                                 {{"endpoint", "domain-search"}, {"key", key}},
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
      circuit_open(gauge(registry, "gleaner_api_circuit_open",
                         "1 while the API fails so often that it is asked less", one_key)),
      credits_spent(counter(registry, "gleaner_quota_spent_credits_total",
                            "Credits that pages have cost, by our own count", one_key)),
      credits_reserved(gauge(registry, "gleaner_quota_reserved_credits",
                             "Credits reserved for pages under way, over all sharers", one_key)),
      quota_reset(gauge(registry, "gleaner_quota_reset_timestamp_seconds",
                        "When the account gets new credits, seconds since the epoch", one_key)),
      quota_refresh(gauge(registry, "gleaner_quota_refresh_timestamp_seconds",
                          "When the account was last read, seconds since the epoch", one_key)),
      saved_ledger(saved_credits(registry, key, "ledger")),
      saved_fresh(saved_credits(registry, key, "fresh")),
      requests_saved_by_ledger(saved_requests(registry, key, "ledger")),
      requests_saved_by_fresh(saved_requests(registry, key, "fresh")),
      requests_saved_by_count(saved_requests(registry, key, "count")),
      other_status_(api_requests(registry, key, "other")),
      retries_throttled_(retries_total(registry, key, "throttled")),
      retries_unavailable_(retries_total(registry, key, "unavailable")),
      retries_unreadable_(retries_total(registry, key, "unreadable")) {
  for (const auto* state : key_states)
    by_state_[state] = &gauge(registry, "gleaner_api_key_state", "1 for the state the key is in",
                              {{"key", key}, {"state", state}});
  for (const int status : {200, 400, 401, 402, 403, 404, 408, 422, 429, 451, 500, 502, 503, 504})
    by_status_[status] = &api_requests(registry, key, std::to_string(status));
  set_credits({}); // nothing is known yet
  by_status_[0] = &api_requests(registry, key, "error");
  for (const auto& problem : api_problems)
    problems_[problem.code] = &api_problems_total(registry, key, problem);
}

void ApiMetrics::set_state(std::string_view now) {
  for (auto& [state, gauge] : by_state_)
    gauge->Set(state == now ? 1 : 0);
}

void ApiMetrics::set_credits(const ApiAccount& account) {
  constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();
  const auto reset = reset_time(account);
  quota_reset.Set(reset ? static_cast<double>(*reset) : unknown);
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

void ApiMetrics::count_problem(Errc what) {
  if (const auto entry = problems_.find(what); entry != problems_.end())
    entry->second->Increment();
}

ContactMetrics::ContactMetrics(Registry& registry)
    : pages_fetched(pages_total(registry, "fetched")), pages_empty(pages_total(registry, "empty")),
      pages_unreadable(pages_total(registry, "unreadable")),
      pages_replayed(pages_total(registry, "replayed")),
      pages_damaged(pages_total(registry, "damaged")),
      ended_early(pagination_anomalies(registry, "ended_early")),
      total_changed(pagination_anomalies(registry, "total_changed")),
      stored(contacts_total(registry, "stored")), duplicate(contacts_total(registry, "duplicate")),
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

ActorMetrics::ActorMetrics(Registry& registry) {
  constexpr std::string_view kinds[] = {"ClusterGate", "HunterFetcher", "JobCoordinator",
                                        "LockKeeper",  "Normalizer",    "ProgressPublisher",
                                        "QueuePoller", "RateGovernor",  "StoreWriter"};
  for (const auto kind : kinds)
    restarts_[kind] = &counter(registry, "gleaner_actor_restarts_total",
                               "Actors that died and were replaced", {{"kind", std::string{kind}}});
}

void ActorMetrics::count_restart(std::string_view kind) {
  restarts_.at(kind)->Increment();
}

ClusterMetrics::ClusterMetrics(Registry& registry)
    : slots(gauge(registry, "gleaner_cluster_slots",
                  "Pages that this process and the nodes that have joined it can get at once", {})),
      nodes(gauge(registry, "gleaner_cluster_nodes", "Nodes that have joined this process", {})),
      nodes_lost(counter(registry, "gleaner_cluster_nodes_lost_total",
                         "Nodes that went without saying so", {})),
      pages(counter(registry, "gleaner_cluster_pages_total",
                    "Answers of nodes to requests for pages", {})),
      certificate_end(gauge(registry, "gleaner_cluster_certificate_end_timestamp_seconds",
                            "When the node's certificate ends, seconds since the epoch; 0: none",
                            {})) {}

ProcessMetrics::ProcessMetrics(Registry& registry, const std::string& version)
    : ready(gauge(registry, "gleaner_ready", "1 while /readyz says so", {})),
      redis_connected(gauge(registry, "gleaner_redis_connected",
                            "1 while the command connection is up", {{"role", "commands"}})),
      start_time(
        gauge(registry, "gleaner_start_time_seconds", "Start, seconds since the epoch", {})),
      log_dropped(counter(registry, "gleaner_log_dropped_total",
                          "Log lines lost because nobody read stderr", {})),
      reload_success(gauge(registry, "gleaner_config_last_reload_success",
                           "0 while the file of an API key was changed and can't be used", {})),
      reload_time(gauge(registry, "gleaner_config_last_reload_timestamp_seconds",
                        "When a key was last replaced by its file, seconds since the epoch", {})) {
  reload_success.Set(1);
  gauge(registry, "gleaner_build_info", "Always 1; what runs here", {{"version", version}}).Set(1);
}

} // namespace gleaner
