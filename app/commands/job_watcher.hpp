#pragma once

#include "adapters/bullmq/job_browser.hpp"
#include "adapters/bullmq/queue_events.hpp"
#include "adapters/redis/redis_client.hpp"
#include "app/exit_code.hpp"
#include "core/job.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_set>

namespace gleaner {

/// Waits for jobs to end. Made before they are queued, so that no end is missed.
class JobWatcher {
public:
  JobWatcher(const RedisConfig& redis, const bullmq::QueueKeys& keys)
      : client_(redis, ""), events_(client_, keys), browser_(client_, keys) {}

  void expect(const JobId& id) { open_.insert(id); }

  /// ok: all completed; failed: some failed; timed_out; redis_unreachable. Shows how far it is, and
  /// why jobs failed. After a signal: 128 + its number. @pre block_signals()
  ExitCode wait(std::chrono::milliseconds timeout);

private:
  void note_end(const bullmq::QueueEvent& event);
  /// Events are trimmed: a job may have ended unseen. Looks at a few of those still open.
  void look_at_states();

  redis::RedisClient client_;
  bullmq::QueueEvents events_;
  bullmq::JobBrowser browser_;
  std::unordered_set<JobId> open_;
  std::uint64_t failed_ = 0;
};

} // namespace gleaner
