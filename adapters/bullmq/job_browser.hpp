#pragma once

#include "adapters/bullmq/job_places.hpp"
#include "adapters/bullmq/queue_keys.hpp"
#include "adapters/redis/redis_client.hpp"
#include "core/job.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gleaner::bullmq {

/// A job as the queue holds it. JSON members are kept as their text; absent ones are empty.
struct JobView {
  JobId id;
  std::string name;
  std::string
    state; ///< waiting, prioritized, delayed, active, waiting-children, completed, failed.
  std::string domain;                                         ///< data.domain, or "".
  std::string data, opts, progress, return_value, stacktrace; ///< JSON texts.
  std::string failed_reason;
  std::string failure_class; ///< Of a job that failed: a name of Errc, "stalled", "child", "other".
  std::string processed_by;
  std::uint32_t attempts_made = 0;
  std::uint32_t attempts = 0; ///< opts.attempts.
  std::int64_t priority = 0;
  std::int64_t timestamp_ms = 0, processed_on_ms = 0, finished_on_ms = 0, delay_ms = 0;
};

struct JobLogs {
  std::vector<std::string> rows; ///< Oldest first.
  std::uint64_t count = 0;       ///< All rows, not just these.
};

/// What goes on in a queue, at one time.
struct QueueOverview {
  std::int64_t now_ms = 0; ///< By Redis's clock.
  /// Jobs that have ever ended so, as BullMQ's charts count them; nothing where nobody keeps these.
  std::optional<std::uint64_t> completed_ever, failed_ever;
  std::vector<JobView> active; ///< Those taken first ahead; texts over 4 KiB are left out.
};

/// The class of a failure: what Gleaner wrote into the job's progress, or what the reason tells.
std::string failure_class_of(const std::string& reason, const std::string& progress);

/// Which jobs are meant; empty members don't matter.
struct JobFilter {
  std::string state;  ///< As in JobView.
  std::string domain; ///< Cleaned, as clean_domain() does it.
  std::string reason; ///< A part of the failure's text.
  std::string failure_class;

  bool matches(const JobView& job) const;
};

/// Reads a queue without changing it. Blocks.
class JobBrowser {
public:
  JobBrowser(redis::RedisClient& client, QueueKeys keys);

  /// Jobs of one state, next to run (or newest ended) first; `state` as in JobView.
  Result<std::vector<JobView>> list(const std::string& state, std::uint64_t start,
                                    std::uint64_t count);
  /// Every job that the filter matches, in the order of list(), page by page: a queue that changes
  /// meanwhile may show a job twice or not at all. `visit` ends it by returning false.
  Status find(const JobFilter& filter, const std::function<bool(const JobView&)>& visit);
  /// Errc::not_found when there is no such job.
  Result<JobView> show(const JobId& id);
  Result<JobLogs> logs(const JobId& id, std::uint64_t start, std::uint64_t count);
  Result<QueueCounts> counts();
  /// With at most `most` of the jobs at work. One command.
  Result<QueueOverview> overview(std::uint32_t most);

private:
  Result<std::vector<JobId>> read_ids(const JobPlace& place, std::uint64_t start,
                                      std::uint64_t count);
  Result<std::vector<JobView>> read_jobs(const std::vector<JobId>& ids, const std::string& state);

  redis::RedisClient& client_;
  QueueKeys keys_;
};

} // namespace gleaner::bullmq
