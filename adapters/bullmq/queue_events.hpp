#pragma once

#include "adapters/bullmq/queue_keys.hpp"
#include "adapters/redis/redis_client.hpp"
#include "core/job.hpp"
#include "core/result.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace gleaner::bullmq {

struct QueueEvent {
  std::string name;                          ///< added, active, progress, completed, failed, ...
  JobId job_id;                              ///< Empty for events of the whole queue.
  std::map<std::string, std::string> fields; ///< All others, e.g. returnvalue, failedReason, data.
};

/// Follows a queue's event stream from the moment of construction. Blocks; needs a client of its
/// own. After an error the next call goes on behind the last event seen.
class QueueEvents {
public:
  QueueEvents(redis::RedisClient& client, QueueKeys keys);

  /// Waits up to `timeout` (at most 10 s a call); empty when nothing happened.
  Result<std::vector<QueueEvent>> next(std::chrono::milliseconds timeout);

private:
  Status find_start();

  redis::RedisClient& client_;
  QueueKeys keys_;
  std::string last_id_; ///< Empty until the stream could be asked.
};

} // namespace gleaner::bullmq
