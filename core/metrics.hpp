#pragma once

#include "core/api_metrics.hpp"
#include "core/contact.hpp"
#include "core/job_metrics.hpp"
#include "core/store_op.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gleaner {

/// Every series that Gleaner exports, by the part that writes it. All exist, at zero, from the
/// start; label values come from closed sets. Members may be written from any thread. Groups
/// outlive the actors that borrow them.

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
  /// What commands are told apart by. `waiting` is for jobs to come, and not counted.
  enum class Operation : std::uint8_t { take, checkpoint, finish, budget, other, waiting };

  explicit RedisMetrics(prometheus::Registry& registry);
  void count_answer(Operation operation, double seconds, bool ok);
  void count_refused(std::string_view reason);

  prometheus::Counter& reconnects;    ///< redis_reconnects_total
  prometheus::Counter& stale_sockets; ///< redis_stale_sockets_total
  prometheus::Counter& damaged;       ///< queue_damaged_total

private:
  struct Answers {
    prometheus::Counter* ok;         ///< redis_commands_total{command,result="ok"}
    prometheus::Counter* error;      ///< redis_commands_total{command,result="error"}
    prometheus::Histogram* duration; ///< redis_command_duration_seconds{command}
  };
  std::vector<Answers> answers_;                             ///< By operation.
  std::map<std::string_view, prometheus::Counter*> refused_; ///< redis_refused_total{reason}
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
  prometheus::Counter& kept;             ///< checkpoints_total{result="ok"}: pages in the ledger
  prometheus::Counter& not_kept;         ///< checkpoints_total{result="failed"}
  prometheus::Histogram& page_duration;  ///< page_duration_seconds, with waits and tries
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
  prometheus::Counter& written_bytes; ///< storage_written_bytes_total
  prometheus::Gauge& buffered;        ///< storage_buffered_records: collections to be written
  prometheus::Gauge& free_bytes;      ///< storage_free_bytes

private:
  std::map<StoreOp, prometheus::Counter*> by_op_; ///< storage_errors_total{op}
};

/// Actors, and what became of those that died; `kind` is the name of an actor as in actors/.
struct ActorMetrics {
  explicit ActorMetrics(prometheus::Registry& registry);
  void count_restart(std::string_view kind);
  /// How many of the kind live, and how many messages wait for them.
  void show(std::string_view kind, std::int64_t alive, std::int64_t waiting);

private:
  std::map<std::string_view, prometheus::Gauge*> alive_;      ///< actors{kind}
  std::map<std::string_view, prometheus::Gauge*> waiting_;    ///< actor_mailbox_messages{kind}
  std::map<std::string_view, prometheus::Counter*> restarts_; ///< actor_restarts_total{kind}
};

/// Of the cluster that this process coordinates or fetches for.
struct ClusterMetrics {
  explicit ClusterMetrics(prometheus::Registry& registry);
  prometheus::Gauge& slots;        ///< cluster_slots
  prometheus::Gauge& nodes;        ///< cluster_nodes
  prometheus::Counter& nodes_lost; ///< cluster_nodes_lost_total
  prometheus::Counter& pages;      ///< cluster_pages_total
  prometheus::Counter& rejects;    ///< cluster_rejects_total: nodes that may not join
  prometheus::Counter& sent;       ///< cluster_messages_total{direction="sent",result="ok"}
  prometheus::Counter& not_sent;   ///< cluster_messages_total{direction="sent",result="error"}
  prometheus::Counter& received;   ///< cluster_messages_total{direction="received",result="ok"}
  prometheus::Counter& unusable;   ///< cluster_messages_total{direction="received",result="error"}
  prometheus::Gauge& certificate_end; ///< cluster_certificate_end_timestamp_seconds
};

/// Spans on their way to a collector of traces.
struct TraceMetrics {
  explicit TraceMetrics(prometheus::Registry& registry);
  prometheus::Counter& exported; ///< trace_spans_exported_total
  prometheus::Counter& dropped;  ///< trace_spans_dropped_total
};

/// The process as a whole.
struct ProcessMetrics {
  ProcessMetrics(prometheus::Registry& registry, const std::string& version);
  /// Lines written so far, by level from debug to error, and lost ones.
  void show_log(const std::array<std::uint64_t, 4>& written, std::uint64_t lost);

  prometheus::Gauge& ready;           ///< ready
  prometheus::Gauge& redis_connected; ///< redis_connected: NaN in a fetcher, which needs none
  prometheus::Gauge& start_time;      ///< start_time_seconds
  prometheus::Gauge& reload_success;  ///< config_last_reload_success: of the files of keys
  prometheus::Gauge& reload_time;     ///< config_last_reload_timestamp_seconds

private:
  prometheus::Counter& log_dropped_;                 ///< log_dropped_total
  std::array<prometheus::Counter*, 4> log_messages_; ///< log_messages_total{level}
};

} // namespace gleaner
