#pragma once

#include "adapters/bullmq/queue_keys.hpp"
#include "adapters/bullmq/queue_producer.hpp"
#include "adapters/bullmq/scripts.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gleaner::bullmq {

/// A wish for collections of one domain again and again: by a period or by a cron pattern.
struct NewScheduler {
  std::string id; ///< Without ':'.
  std::string domain;
  std::chrono::milliseconds every{0}; ///< From now on; 0 means by `pattern`.
  std::string pattern;                ///< As CronSchedule reads it.
  std::string zone;                   ///< IANA name; empty: the workers' own.
  AddOptions options;                 ///< Of each job; delay and deduplication don't apply.
};

struct SchedulerView {
  std::string id, name, domain;
  std::string every_ms, pattern, zone; ///< As the record has them; absent ones are empty.
  std::int64_t next_ms = 0;            ///< When its next job is due; ms since the epoch.
  std::uint64_t made = 0;              ///< Jobs so far, as newer versions count them.
};

/// Job schedulers as BullMQ 6 writes them (`upsertJobScheduler`); both generations of workers and
/// Gleaner keep them going. Blocks.
class SchedulerAdmin {
public:
  /// `client` outlives it.
  SchedulerAdmin(redis::CommandPort& client, QueueKeys keys);

  /// Makes it, or replaces one of the same id with its next job; true when it is new. Errc::usage
  /// for a pattern or zone that can't be read or never comes.
  Result<bool> put(const NewScheduler& wanted);

  /// By their next times; at most `most`.
  Result<std::vector<SchedulerView>> list(std::uint64_t most);

  /// With its next job, unless that runs; false when there is none.
  Result<bool> remove(const std::string& id);

private:
  Result<std::int64_t> now_ms();

  redis::CommandPort& client_;
  QueueKeys keys_;
  ScriptRunner scripts_;
};

} // namespace gleaner::bullmq
