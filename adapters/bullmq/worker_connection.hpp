#pragma once

#include "core/config.hpp"

#include <string>

namespace gleaner::bullmq {

/// The connection name by which BullMQ's getWorkers() finds a worker:
/// "<prefix>:<base64 of the queue's name>", with ":w:<name>" when the worker has one. Characters
/// that Redis does not take in such a name become '-'.
std::string worker_connection_name(const QueueConfig& queue);

} // namespace gleaner::bullmq
