#pragma once

#include "core/failure_reason.hpp"
#include "core/job.hpp"
#include "core/suspension.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

/// As core/metrics.
namespace gleaner {

/// What BullMQ's Queue.exportPrometheusMetrics() exports, for panels that show it.
class BullmqMetrics {
public:
  BullmqMetrics(prometheus::Registry& registry, const std::string& queue);
  void set(const QueueCounts& counts);

private:
  /// BullMQ's count, which begins anew when the queue is emptied.
  struct Chart {
    prometheus::Counter& counter;
    std::uint64_t last = 0;
    void follow(std::uint64_t count);
  };
  std::map<std::string, prometheus::Gauge*> by_state_; ///< bullmq_job_count{state}
  Chart completed_;                                    ///< bullmq_job_completed_total
  Chart failed_;                                       ///< bullmq_job_failed_total
};

/// Queue and jobs.
struct JobMetrics {
  /// `bullmq_names`: the three series of BullMQ's exportPrometheusMetrics() too, under its names.
  JobMetrics(prometheus::Registry& registry, const std::string& queue, bool bullmq_names = false);
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
  prometheus::Gauge& rate_limit_ttl_;                        ///< queue_rate_limit_ttl_seconds
  prometheus::Gauge& schedule_overdue_;                      ///< schedule_overdue_seconds
  std::optional<BullmqMetrics> bullmq_;
};

} // namespace gleaner
