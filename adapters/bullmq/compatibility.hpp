#pragma once

#include "adapters/bullmq/queue_keys.hpp"
#include "adapters/redis/redis_client.hpp"
#include "core/result.hpp"

#include <string>

namespace gleaner::bullmq {

/// Errc::usage, with the remedy, for a queue whose keys are not those of BullMQ 5 or 6: made by
/// another major version (field `version` of its meta, as stock clients write it, e.g.
/// "bullmq:4.18.2"), by Bull, or by something else altogether. A version equal to `accepted`
/// passes; so does a queue that is new or says nothing. Blocks.
Status check_compatibility(redis::RedisClient& client, const QueueKeys& keys,
                           const std::string& accepted);

/// The rule for the version alone.
bool is_compatible(const std::string& version);

} // namespace gleaner::bullmq
