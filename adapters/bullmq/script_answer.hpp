#pragma once

#include "adapters/redis/command_port.hpp"
#include "core/error.hpp"
#include "core/ports/job_queue.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

/// How the answers of worker scripts are read.
namespace gleaner::bullmq {

/// BullMQ's error codes, as the scripts return them; nothing when the answer is none of them.
std::optional<Error> refusal_in(const redis::RedisValue& value);

std::vector<JobId> read_ids(const redis::RedisValue& value);

/// Turns a script's answer into a T by `read`, an error answer into its Error.
template <class T, class Read>
redis::RedisReply reading(Reply<T> reply, Read read) {
  return [reply = std::move(reply), read](Result<redis::RedisValue> value) {
    if (!value)
      return reply(value.error());
    if (auto refusal = refusal_in(*value))
      return reply(std::move(*refusal));
    reply(read(*value));
  };
}

inline redis::RedisReply done(Reply<Done> reply) {
  return reading(std::move(reply), [](const redis::RedisValue&) { return Done{}; });
}

} // namespace gleaner::bullmq
