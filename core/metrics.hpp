#pragma once

#include "core/api_answer.hpp"
#include "core/contact.hpp"
#include "core/error.hpp"
#include "core/failure_reason.hpp"
#include "core/job.hpp"
#include "core/store_op.hpp"
#include "core/suspension.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace gleaner {

/// Every series that Gleaner exports, by the part that writes it. All exist, at zero, from the
/// start; label values come from closed sets. Members may be written from any thread. Groups
/// outlive the actors that borrow them.

/// Queue and jobs.
struct JobMetrics {
  JobMetrics(prometheus::Registry& registry, const std::string& queue);
  void set_counts(const QueueCounts& counts);
  void count_parked(SuspensionReason reason);
  void count_failure(FailureReason reason, double jobs = 1);
  prometheus::Gauge& suspended(SuspensionReason reason);

  prometheus::Counter& started;              ///< jobs_started_total
  prometheus::Counter& retried;              ///< jobs_retried_total
  prometheus::Counter& stalled;              ///< jobs_stalled_total
  prometheus::Counter& poisoned;             ///< jobs_poisoned_total: stalled too often
  prometheus::Counter& released;             ///< jobs_released_total: put back by a shutdown
  prometheus::Counter& completed;            ///< jobs_total{outcome="completed"}
  prometheus::Counter& failed;               ///< jobs_total{outcome="failed"}
  prometheus::Counter& resumed;              ///< jobs_resumed_total: with pages of earlier tries
  prometheus::Counter& lock_lost;            ///< redis_lock_lost_total
  prometheus::Counter& orphans;              ///< orphans_total: stored, but the job was gone
  prometheus::Counter& progress_dropped;     ///< progress_dropped_total
  prometheus::Counter& self_fenced;          ///< self_fenced_total
  prometheus::Counter& clock_steps;          ///< clock_steps_total
  prometheus::Gauge& active;                 ///< jobs_active
  prometheus::Gauge& slots;                  ///< worker_slots
  prometheus::Gauge& fetchers;               ///< actors{kind="HunterFetcher"}
  prometheus::Histogram& wait;               ///< job_wait_seconds
  prometheus::Histogram& duration_completed; ///< job_duration_seconds{outcome="completed"}
  prometheus::Histogram& duration_failed;    ///< job_duration_seconds{outcome="failed"}
  prometheus::Histogram& pages;              ///< job_pages

private:
  std::map<SuspensionReason, prometheus::Counter*> parked_;  ///< jobs_parked_total{reason}
  std::map<SuspensionReason, prometheus::Gauge*> suspended_; ///< worker_suspended{reason}
  std::map<FailureReason, prometheus::Counter*> failures_;   ///< job_failures_total{reason}
  std::map<std::string, prometheus::Gauge*> by_state_;       ///< queue_jobs{state}
  prometheus::Gauge& oldest_waiting_;                        ///< queue_oldest_waiting_age_seconds
  prometheus::Gauge& paused_;                                ///< queue_paused
  prometheus::Gauge& schedule_overdue_;                      ///< schedule_overdue_seconds
};

/// What belonged to nothing and was put right: reconciled_total{kind}.
struct ReconcileMetrics {
  explicit ReconcileMetrics(prometheus::Registry& registry);
  prometheus::Counter& jobs;          ///< kind="job"
  prometheus::Counter& finished_jobs; ///< kind="finished_job"
  prometheus::Counter& ledgers;       ///< kind="ledger"
  prometheus::Counter& locks;         ///< kind="lock"
  prometheus::Counter& ghosts;        ///< kind="ghost"
  prometheus::Counter& temp_files;    ///< kind="temp_file"
};

/// What Redis answers, and the connections to it.
struct RedisMetrics {
  explicit RedisMetrics(prometheus::Registry& registry);
  void count_refused(std::string_view reason);

  prometheus::Counter& reconnects;    ///< redis_reconnects_total
  prometheus::Counter& stale_sockets; ///< redis_stale_sockets_total
  prometheus::Counter& damaged;       ///< queue_damaged_total

private:
  std::map<std::string_view, prometheus::Counter*> refused_; ///< redis_refused_total{reason}
};

/// Requests to the API with one key, their pace and their cost: each with the label `key`.
struct ApiMetrics {
  explicit ApiMetrics(prometheus::Registry& registry, const std::string& key = "default");
  /// `status` 0 stands for no answer.
  void count_request(int status);
  void count_retry(Errc why);
  /// Of core/api_problem; anything else is passed over.
  void count_problem(Errc what);
  void set_credits(const ApiAccount& account);
  /// "ok", "exhausted", "invalid" or "drained".
  void set_state(std::string_view state);

  prometheus::Histogram& request_duration; ///< api_request_duration_seconds
  prometheus::Gauge& in_flight;            ///< api_requests_in_flight
  prometheus::Counter& throttled;          ///< api_throttled_total
  prometheus::Counter& backoff_seconds;    ///< api_backoff_seconds_total
  prometheus::Counter& response_bytes;     ///< api_response_bytes_total
  prometheus::Histogram& limiter_wait;     ///< api_limiter_wait_seconds
  prometheus::Gauge& credits_left;         ///< quota_remaining_credits: NaN until known
  prometheus::Gauge& credits_allowed;      ///< quota_limit_credits: likewise
  prometheus::Gauge& limiter_share;        ///< api_limiter_share: of the windows, in use
  prometheus::Gauge& circuit_open;         ///< api_circuit_open
  prometheus::Counter& credits_spent;      ///< quota_spent_credits_total
  prometheus::Gauge& credits_reserved;     ///< quota_reserved_credits
  prometheus::Gauge& quota_reset;          ///< quota_reset_timestamp_seconds
  prometheus::Gauge& quota_refresh;        ///< quota_refresh_timestamp_seconds
  prometheus::Counter& saved_ledger; ///< quota_saved_credits_total{reason="ledger"}: pages kept
  prometheus::Counter& saved_fresh;  ///< quota_saved_credits_total{reason="fresh"}
  prometheus::Counter& requests_saved_by_ledger; ///< api_saved_requests_total{reason="ledger"}
  prometheus::Counter& requests_saved_by_fresh;  ///< api_saved_requests_total{reason="fresh"}
  prometheus::Counter& requests_saved_by_count;  ///< api_saved_requests_total{reason="count"}

private:
  ApiMetrics(prometheus::Registry& registry, const std::string& key,
             const std::map<std::string, std::string>& one_key);
  std::map<std::string_view, prometheus::Gauge*> by_state_; ///< api_key_state{state}
  std::map<int, prometheus::Counter*> by_status_;           ///< api_requests_total{code}
  prometheus::Counter& other_status_;
  std::map<Errc, prometheus::Counter*> problems_; ///< api_refused_total, api_bad_body_total {kind}
  prometheus::Counter& retries_throttled_;        ///< api_retries_total{reason}
  prometheus::Counter& retries_unavailable_;
  prometheus::Counter& retries_unreadable_;
};

/// Pages and contacts.
struct ContactMetrics {
  explicit ContactMetrics(prometheus::Registry& registry);
  void count_reject(const ContactReject& reject);

  prometheus::Counter& pages_fetched;    ///< pages_total{result="fetched"}
  prometheus::Counter& pages_empty;      ///< pages_total{result="empty"}
  prometheus::Counter& pages_unreadable; ///< pages_total{result="unreadable"}
  prometheus::Counter& pages_replayed;   ///< pages_total{result="replayed"}: from a ledger
  prometheus::Counter& pages_damaged;    ///< pages_total{result="damaged"}: in a ledger
  prometheus::Counter& ended_early;      ///< pagination_anomalies_total{kind="ended_early"}
  prometheus::Counter& total_changed;    ///< pagination_anomalies_total{kind="total_changed"}
  prometheus::Counter& stored;           ///< contacts_total{outcome="stored"}
  prometheus::Counter& duplicate;        ///< contacts_total{outcome="duplicate"}
  prometheus::Counter& rejected;         ///< contacts_total{outcome="rejected"}

private:
  /// normalization_rejects_total{field, reason}
  std::map<std::pair<std::string_view, std::string_view>, prometheus::Counter*> rejects_;
};

/// The collection store.
struct StoreMetrics {
  explicit StoreMetrics(prometheus::Registry& registry);
  void count_error(StoreOp op);

  prometheus::Counter& writes_ok;     ///< storage_writes_total{result="ok"}
  prometheus::Counter& writes_failed; ///< storage_writes_total{result="error"}
  prometheus::Histogram& duration;    ///< storage_write_duration_seconds, per group
  prometheus::Gauge& free_bytes;      ///< storage_free_bytes

private:
  std::map<StoreOp, prometheus::Counter*> by_op_; ///< storage_errors_total{op}
};

/// What became of actors that died.
struct ActorMetrics {
  explicit ActorMetrics(prometheus::Registry& registry);
  /// `kind` is the name of an actor as in actors/.
  void count_restart(std::string_view kind);

private:
  std::map<std::string_view, prometheus::Counter*> restarts_; ///< actor_restarts_total{kind}
};

/// Of the cluster that this process coordinates or fetches for.
struct ClusterMetrics {
  explicit ClusterMetrics(prometheus::Registry& registry);
  prometheus::Gauge& slots;           ///< cluster_slots
  prometheus::Gauge& nodes;           ///< cluster_nodes
  prometheus::Counter& nodes_lost;    ///< cluster_nodes_lost_total
  prometheus::Counter& pages;         ///< cluster_pages_total
  prometheus::Gauge& certificate_end; ///< cluster_certificate_end_timestamp_seconds
};

/// The process as a whole.
struct ProcessMetrics {
  ProcessMetrics(prometheus::Registry& registry, const std::string& version);
  prometheus::Gauge& ready;           ///< ready
  prometheus::Gauge& redis_connected; ///< redis_connected
  prometheus::Gauge& start_time;      ///< start_time_seconds
  prometheus::Counter& log_dropped;   ///< log_dropped_total
  prometheus::Gauge& reload_success;  ///< config_last_reload_success: of the files of keys
  prometheus::Gauge& reload_time;     ///< config_last_reload_timestamp_seconds
};

} // namespace gleaner
