#pragma once

#include "adapters/bullmq/scripts.hpp"
#include "core/config.hpp"
#include "core/ports/job_queue.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gleaner::bullmq {

/// What a worker does with the jobs that it holds, one script each: renewal of locks, progress,
/// log, ledger. Thread-safe; replies as those of CommandPort.
class JobHolding {
public:
  JobHolding(redis::CommandPort& client, const QueueConfig& config);

  void renew(const std::vector<JobLock>& locks, Reply<Renewal> reply);
  /// `progress` is JSON: listeners stop for good on other text.
  void report_progress(const JobLock& lock, std::string progress, Reply<Done> reply);
  void add_log(const JobLock& lock, const std::string& row, Reply<Done> reply);
  void claim_domain(const JobLock& lock, const std::string& domain, Reply<DomainClaim> reply);
  void checkpoint(const JobLock& lock, const std::string& identity, const LedgerPage& page,
                  const std::vector<Progress>& progress, Reply<std::int64_t> reply);
  void read_ledger(const JobLock& lock, const std::string& identity, Reply<Ledger> reply);

private:
  ScriptRunner scripts_;
  QueueConfig config_;
};

} // namespace gleaner::bullmq
