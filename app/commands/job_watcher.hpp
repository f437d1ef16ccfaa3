#pragma once

#include "adapters/bullmq/job_browser.hpp"
#include "adapters/bullmq/queue_events.hpp"
#include "adapters/redis/redis_client.hpp"
#include "app/exit_code.hpp"
#include "core/job.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace gleaner {

/// Waits for jobs to end. Made before they are queued, so that no end is missed.
class JobWatcher {
public:
  JobWatcher(const RedisConfig& redis, const bullmq::QueueKeys& keys)
      : client_(redis, ""), events_(client_, keys), browser_(client_, keys) {}

  /// `is_new`: queued just now, so that it is not gone because it ended earlier.
  void expect(const JobId& id, bool is_new) { open_.emplace(id, is_new); }

  /// ok: all completed; failed: some failed; not_found: all were removed; partial: some were;
  /// timed_out; redis_unreachable. Shows how far it is, why jobs failed and how many were removed.
  /// After a signal: 128 + its number. @pre block_signals()
  ExitCode wait(std::chrono::milliseconds timeout);

private:
  void note_end(const bullmq::QueueEvent& event);
  /// Events are trimmed: a job may have ended unseen. Looks at a few of those still open.
  void look_at_states();
  ExitCode end_of(std::size_t total) const;

  redis::RedisClient client_;
  bullmq::QueueEvents events_;
  bullmq::JobBrowser browser_;
  std::unordered_map<JobId, bool> open_; ///< Whether each is new.
  std::uint64_t failed_ = 0;
  std::uint64_t removed_ = 0;
};

} // namespace gleaner
