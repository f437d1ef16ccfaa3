#pragma once

#include "core/normalize.hpp"

#include <prometheus/metric_type.h>

#include <cstddef>
#include <map>
#include <set>
#include <string>

namespace gleaner::test {

using prometheus::MetricType;
using Values = std::set<std::string>;
using LabelValues = std::map<std::string, Values>;

/// A family: its type, how many series it has, and the values of their labels.
struct Expected {
  MetricType type;
  std::size_t series;
  LabelValues labels;
};

inline const Values queue{"q"}, one_key{"default"}, search{"domain-search"}, file{"file"};
inline const Values outcomes{"completed", "failed"};

/// What is exported, without the prefix. Dashboards and alerts build on these names.
inline const std::map<std::string, Expected> catalogue{
  {"actors", {MetricType::Gauge, 1, {{"kind", {"HunterFetcher"}}}}},
  {"api_backoff_seconds_total", {MetricType::Counter, 1, {{"key", one_key}}}},
  {"api_limiter_wait_seconds", {MetricType::Histogram, 1, {{"key", one_key}}}},
  {"api_circuit_open", {MetricType::Gauge, 1, {{"key", one_key}}}},
  {"api_key_state",
   {MetricType::Gauge,
    4,
    {{"key", one_key}, {"state", {"drained", "exhausted", "invalid", "ok"}}}}},
  {"api_saved_requests_total",
   {MetricType::Counter, 3, {{"key", one_key}, {"reason", {"count", "fresh", "ledger"}}}}},
  {"api_limiter_share", {MetricType::Gauge, 1, {{"key", one_key}}}},
  {"api_request_duration_seconds",
   {MetricType::Histogram, 1, {{"key", one_key}, {"endpoint", search}}}},
  {"api_requests_in_flight", {MetricType::Gauge, 1, {{"key", one_key}}}},
  {"api_requests_total",
   {MetricType::Counter,
    16,
    {{"key", one_key},
     {"endpoint", search},
     {"code",
      {"200", "400", "401", "402", "403", "404", "408", "422", "429", "451", "500", "502", "503",
       "504", "error", "other"}}}}},
  {"api_bad_body_total",
   {MetricType::Counter, 3, {{"key", one_key}, {"kind", {"malformed", "oversize", "slow"}}}}},
  {"api_refused_total",
   {MetricType::Counter,
    4,
    {{"key", one_key}, {"kind", {"address", "legal_block", "redirect", "tls"}}}}},
  {"pagination_anomalies_total",
   {MetricType::Counter, 2, {{"kind", {"ended_early", "total_changed"}}}}},
  {"api_response_bytes_total", {MetricType::Counter, 1, {{"key", one_key}}}},
  {"actor_restarts_total",
   {MetricType::Counter,
    9,
    {{"kind",
      {"ClusterGate", "HunterFetcher", "JobCoordinator", "LockKeeper", "Normalizer",
       "ProgressPublisher", "QueuePoller", "RateGovernor", "StoreWriter"}}}}},
  {"api_retries_total",
   {MetricType::Counter,
    3,
    {{"key", one_key}, {"reason", {"throttled", "unavailable", "unreadable"}}}}},
  {"api_throttled_total", {MetricType::Counter, 1, {{"key", one_key}}}},
  {"build_info", {MetricType::Gauge, 1, {{"version", {"1.2.3"}}}}},
  {"clock_steps_total", {MetricType::Counter, 1, {}}},
  {"contacts_total", {MetricType::Counter, 3, {{"outcome", {"duplicate", "rejected", "stored"}}}}},
  {"job_duration_seconds", {MetricType::Histogram, 2, {{"queue", queue}, {"outcome", outcomes}}}},
  {"job_failures_total",
   {MetricType::Counter,
    7,
    {{"queue", queue},
     {"reason", {"api", "bad_data", "children", "internal", "other", "poison", "store"}}}}},
  {"job_pages", {MetricType::Histogram, 1, {{"queue", queue}}}},
  {"job_wait_seconds", {MetricType::Histogram, 1, {{"queue", queue}}}},
  {"jobs_active", {MetricType::Gauge, 1, {{"queue", queue}}}},
  {"jobs_parked_total",
   {MetricType::Counter,
    5,
    {{"queue", queue}, {"reason", {"drained", "key", "pace", "quota", "store"}}}}},
  {"jobs_poisoned_total", {MetricType::Counter, 1, {{"queue", queue}}}},
  {"jobs_released_total", {MetricType::Counter, 1, {{"queue", queue}}}},
  {"jobs_resumed_total", {MetricType::Counter, 1, {{"queue", queue}}}},
  {"jobs_retried_total", {MetricType::Counter, 1, {{"queue", queue}}}},
  {"jobs_stalled_total", {MetricType::Counter, 1, {{"queue", queue}}}},
  {"jobs_started_total", {MetricType::Counter, 1, {{"queue", queue}}}},
  {"jobs_total", {MetricType::Counter, 2, {{"queue", queue}, {"outcome", outcomes}}}},
  {"cluster_certificate_end_timestamp_seconds", {MetricType::Gauge, 1, {}}},
  {"cluster_nodes", {MetricType::Gauge, 1, {}}},
  {"cluster_nodes_lost_total", {MetricType::Counter, 1, {}}},
  {"cluster_pages_total", {MetricType::Counter, 1, {}}},
  {"cluster_slots", {MetricType::Gauge, 1, {}}},
  {"config_last_reload_success", {MetricType::Gauge, 1, {}}},
  {"config_last_reload_timestamp_seconds", {MetricType::Gauge, 1, {}}},
  {"log_dropped_total", {MetricType::Counter, 1, {}}},
  {"normalization_rejects_total", {MetricType::Counter, contact_rejects.size(), {}}},
  {"orphans_total", {MetricType::Counter, 1, {{"queue", queue}}}},
  {"pages_total",
   {MetricType::Counter,
    5,
    {{"result", {"damaged", "empty", "fetched", "replayed", "unreadable"}}}}},
  {"progress_dropped_total", {MetricType::Counter, 1, {{"queue", queue}}}},
  {"queue_damaged_total", {MetricType::Counter, 1, {}}},
  {"queue_jobs",
   {MetricType::Gauge,
    7,
    {{"queue", queue},
     {"state",
      {"active", "completed", "delayed", "failed", "prioritized", "waiting",
       "waiting-children"}}}}},
  {"queue_oldest_waiting_age_seconds", {MetricType::Gauge, 1, {{"queue", queue}}}},
  {"queue_paused", {MetricType::Gauge, 1, {{"queue", queue}}}},
  {"schedule_overdue_seconds", {MetricType::Gauge, 1, {{"queue", queue}}}},
  {"quota_refresh_timestamp_seconds", {MetricType::Gauge, 1, {{"key", one_key}}}},
  {"quota_reserved_credits", {MetricType::Gauge, 1, {{"key", one_key}}}},
  {"quota_reset_timestamp_seconds", {MetricType::Gauge, 1, {{"key", one_key}}}},
  {"quota_saved_credits_total",
   {MetricType::Counter, 2, {{"key", one_key}, {"reason", {"fresh", "ledger"}}}}},
  {"quota_spent_credits_total", {MetricType::Counter, 1, {{"key", one_key}}}},
  {"quota_limit_credits", {MetricType::Gauge, 1, {{"key", one_key}}}},
  {"quota_remaining_credits", {MetricType::Gauge, 1, {{"key", one_key}}}},
  {"ready", {MetricType::Gauge, 1, {}}},
  {"reconciled_total",
   {MetricType::Counter,
    6,
    {{"kind", {"finished_job", "ghost", "job", "ledger", "lock", "temp_file"}}}}},
  {"redis_connected", {MetricType::Gauge, 1, {{"role", {"commands"}}}}},
  {"redis_lock_lost_total", {MetricType::Counter, 1, {{"queue", queue}}}},
  {"redis_reconnects_total", {MetricType::Counter, 1, {}}},
  {"redis_refused_total",
   {MetricType::Counter,
    8,
    {{"reason", {"acl", "busy", "loading", "masterdown", "misconf", "oom", "other", "readonly"}}}}},
  {"redis_stale_sockets_total", {MetricType::Counter, 1, {}}},
  {"self_fenced_total", {MetricType::Counter, 1, {{"queue", queue}}}},
  {"start_time_seconds", {MetricType::Gauge, 1, {}}},
  {"storage_errors_total",
   {MetricType::Counter,
    5,
    {{"backend", file}, {"op", {"folder", "fsync", "read", "rename", "write"}}}}},
  {"storage_free_bytes", {MetricType::Gauge, 1, {{"backend", file}}}},
  {"storage_write_duration_seconds", {MetricType::Histogram, 1, {{"backend", file}}}},
  {"storage_writes_total",
   {MetricType::Counter, 2, {{"backend", file}, {"result", {"error", "ok"}}}}},
  {"worker_slots", {MetricType::Gauge, 1, {{"queue", queue}}}},
  {"worker_suspended",
   {MetricType::Gauge, 5, {{"reason", {"drained", "key", "pace", "quota", "store"}}}}},
};

} // namespace gleaner::test
