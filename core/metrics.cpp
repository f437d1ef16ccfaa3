#include "core/metrics.hpp"

#include "core/build_info.hpp"
#include "core/normalize.hpp"
#include "core/series.hpp"

#include <string>

namespace gleaner {

using namespace series;

namespace {

constexpr std::string_view counted_actors[] = {
  "HunterFetcher", "JobCoordinator", "LockKeeper",        "NodeLink",     "Normalizer",
  "PageServer",    "QueuePoller",    "ProgressPublisher", "RateGovernor", "StoreWriter"};
constexpr std::string_view replaced_actors[] = {
  "ClusterGate", "HunterFetcher",     "JobCoordinator", "LockKeeper", "Normalizer",
  "QueuePoller", "ProgressPublisher", "RateGovernor",   "StoreWriter"};
constexpr const char* log_levels[] = {"debug", "info", "warn", "error"};

Counter& reconciled_total(Registry& registry, const char* kind) {
  return counter(registry, "gleaner_reconciled_total", "What belonged to nothing and was put right",
                 {{"kind", kind}});
}

Counter& pages_total(Registry& registry, const char* result) {
  return counter(registry, "gleaner_pages_total", "Pages by what came of them",
                 {{"result", result}});
}

Counter& checkpoints_total(Registry& registry, const char* result) {
  return counter(registry, "gleaner_checkpoints_total",
                 "Pages written to the ledgers of their jobs, so that no try pays for them again",
                 {{"result", result}});
}

Counter& contacts_total(Registry& registry, const char* outcome) {
  return counter(registry, "gleaner_contacts_total", "Contacts by what became of them",
                 {{"outcome", outcome}});
}

Counter& pagination_anomalies(Registry& registry, const char* kind) {
  return counter(registry, "gleaner_pagination_anomalies_total",
                 "Collections whose pages contradicted each other: fewer rows than told "
                 "(ended_early), another total (total_changed)",
                 {{"kind", kind}});
}

Counter& storage_writes(Registry& registry, const char* result) {
  return counter(registry, "gleaner_storage_writes_total", "Collections written",
                 {{"backend", "file"}, {"result", result}});
}

Counter& cluster_messages(Registry& registry, const char* direction, const char* result) {
  return counter(registry, "gleaner_cluster_messages_total",
                 "Orders for pages and their answers, between processes",
                 {{"direction", direction}, {"result", result}});
}

/// Fields of one kind share a series: each alone would make a fifth of all.
std::string_view shown_field(std::string_view field) {
  if (field.ends_with("_name"))
    return "name";
  if (field.starts_with("source"))
    return "source";
  if (field.starts_with("verification"))
    return "verification";
  if (field == "linkedin" || field == "twitter" || field == "phone_number")
    return "profile";
  return field == "record" || field == "email" ? field : "role";
}

} // namespace

ReconcileMetrics::ReconcileMetrics(Registry& registry)
    : jobs(reconciled_total(registry, "job")),
      finished_jobs(reconciled_total(registry, "finished_job")),
      ledgers(reconciled_total(registry, "ledger")), locks(reconciled_total(registry, "lock")),
      ghosts(reconciled_total(registry, "ghost")),
      temp_files(reconciled_total(registry, "temp_file")) {}

ContactMetrics::ContactMetrics(Registry& registry)
    : pages_fetched(pages_total(registry, "fetched")), pages_empty(pages_total(registry, "empty")),
      pages_unreadable(pages_total(registry, "unreadable")),
      pages_replayed(pages_total(registry, "replayed")),
      pages_damaged(pages_total(registry, "damaged")), kept(checkpoints_total(registry, "ok")),
      not_kept(checkpoints_total(registry, "failed")),
      page_duration(histogram(registry, "gleaner_page_duration_seconds",
                              "From wanting a page to its answer, with waits and tries",
                              {{"endpoint", "domain-search"}},
                              {.05, .1, .25, .5, 1, 2.5, 5, 10, 30})),
      ended_early(pagination_anomalies(registry, "ended_early")),
      total_changed(pagination_anomalies(registry, "total_changed")),
      stored(contacts_total(registry, "stored")), duplicate(contacts_total(registry, "duplicate")),
      rejected(contacts_total(registry, "rejected")) {
  for (const auto& reject : contact_rejects) {
    const auto field = shown_field(reject.field);
    if (auto& series = rejects_[{field, reject.reason}]; !series)
      series =
        &counter(registry, "gleaner_normalization_rejects_total", "Records and fields refused",
                 {{"field", std::string{field}}, {"reason", std::string{reject.reason}}});
  }
}

void ContactMetrics::count_reject(const ContactReject& reject) {
  const auto found = rejects_.find({shown_field(reject.field), reject.reason});
  if (found != rejects_.end())
    found->second->Increment();
}

StoreMetrics::StoreMetrics(Registry& registry)
    : writes_ok(storage_writes(registry, "ok")), writes_failed(storage_writes(registry, "error")),
      duration(histogram(registry, "gleaner_storage_write_duration_seconds",
                         "Time to make a group of collections durable", {{"backend", "file"}},
                         {.0005, .001, .005, .01, .05, .1, .5, 1, 5})),
      written_bytes(counter(registry, "gleaner_storage_written_bytes_total",
                            "Bytes of collections written", {{"backend", "file"}})),
      buffered(gauge(registry, "gleaner_storage_buffered_records",
                     "Collections that wait to be written", {{"backend", "file"}})),
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
  const auto labels = [](std::string_view kind) { return Labels{{"kind", std::string{kind}}}; };
  for (const auto kind : counted_actors) {
    alive_[kind] = &gauge(registry, "gleaner_actors", "Actors by kind", labels(kind));
    waiting_[kind] = &gauge(registry, "gleaner_actor_mailbox_messages",
                            "Messages that wait in the mailboxes of the kind", labels(kind));
  }
  for (const auto kind : replaced_actors)
    restarts_[kind] =
      &counter(registry, "gleaner_actor_restarts_total",
               "Actors that died of a defect and were replaced: please tell us", labels(kind));
}

void ActorMetrics::count_restart(std::string_view kind) {
  restarts_.at(kind)->Increment();
}

void ActorMetrics::show(std::string_view kind, std::int64_t alive, std::int64_t waiting) {
  alive_.at(kind)->Set(static_cast<double>(alive));
  waiting_.at(kind)->Set(static_cast<double>(waiting));
}

ClusterMetrics::ClusterMetrics(Registry& registry)
    : slots(gauge(registry, "gleaner_cluster_slots",
                  "Pages that this process and the nodes that have joined it can get at once", {})),
      nodes(gauge(registry, "gleaner_cluster_nodes", "Nodes that have joined this process", {})),
      nodes_lost(counter(registry, "gleaner_cluster_nodes_lost_total",
                         "Nodes that went without saying so", {})),
      pages(counter(registry, "gleaner_cluster_pages_total",
                    "Answers of nodes to requests for pages", {})),
      rejects(counter(registry, "gleaner_cluster_rejects_total", "Nodes that were not let in", {})),
      sent(cluster_messages(registry, "sent", "ok")),
      not_sent(cluster_messages(registry, "sent", "error")),
      received(cluster_messages(registry, "received", "ok")),
      unusable(cluster_messages(registry, "received", "error")),
      certificate_end(gauge(registry, "gleaner_cluster_certificate_end_timestamp_seconds",
                            "When the node's certificate ends, seconds since the epoch; 0: none",
                            {})) {}

ProcessMetrics::ProcessMetrics(Registry& registry, const std::string& version)
    : ready(gauge(registry, "gleaner_ready", "1 while /readyz says so", {})),
      redis_connected(
        gauge(registry, "gleaner_redis_connected",
              "1 while the command connection is up; NaN in a fetcher, which has none",
              {{"role", "commands"}})),
      start_time(
        gauge(registry, "gleaner_start_time_seconds", "Start, seconds since the epoch", {})),
      reload_success(gauge(registry, "gleaner_config_last_reload_success",
                           "0 while the file of an API key was changed and can't be used", {})),
      reload_time(gauge(
        registry, "gleaner_config_last_reload_timestamp_seconds",
        "When a key was last replaced by its file, seconds since the epoch; 0: not since the start",
        {})),
      log_dropped_(counter(registry, "gleaner_log_dropped_total",
                           "Log lines lost because nobody read stderr", {})) {
  reload_success.Set(1);
  gauge(registry, "gleaner_build_info", "Always 1; what runs here",
        {{"version", version}, {"revision", build_revision}, {"compiler", build_compiler}})
    .Set(1);
  for (std::size_t level = 0; level < log_messages_.size(); ++level)
    log_messages_[level] = &counter(registry, "gleaner_log_messages_total", "Log lines by level",
                                    {{"level", log_levels[level]}});
}

void ProcessMetrics::show_log(const std::array<std::uint64_t, 4>& written, std::uint64_t lost) {
  const auto raise = [](Counter& counter, std::uint64_t to) {
    counter.Increment(static_cast<double>(to) - counter.Value());
  };
  for (std::size_t level = 0; level < written.size(); ++level)
    raise(*log_messages_[level], written[level]);
  raise(log_dropped_, lost);
}

} // namespace gleaner
