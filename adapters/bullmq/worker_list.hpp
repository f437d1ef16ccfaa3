#pragma once

#include "adapters/redis/command_port.hpp"
#include "core/config.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gleaner::bullmq {

/// A connection by which BullMQ's getWorkers() finds a worker.
struct WorkerConnection {
  std::string name;    ///< The worker's, or "" when it has none.
  std::string address; ///< From where it comes: host:port or a socket's path.
  std::int64_t age_s = 0;
};

/// Those of the queue, by name and address. Redis may refuse to tell of its clients
/// (Errc::redis_denied): that takes the right to CLIENT LIST. Blocks.
Result<std::vector<WorkerConnection>> list_workers(redis::CommandPort& client,
                                                   const QueueConfig& queue);

/// The same in the text that CLIENT LIST answers with.
std::vector<WorkerConnection> workers_in(const std::string& clients, const QueueConfig& queue);

} // namespace gleaner::bullmq
