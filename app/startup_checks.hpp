#pragma once

#include "core/config.hpp"
#include "core/log.hpp"
#include "core/ports/hunter_api.hpp"
#include "core/result.hpp"

#include <chrono>
#include <functional>

namespace gleaner {

/// Asks Redis until it answers, at most config.startup_timeout; wrong credentials and servers that
/// are no Redis end it at once. `cancelled` is asked between tries.
Status await_redis(const Config& config, EventLog& log, const std::function<bool()>& cancelled);

/// A warning when password and jobs travel in clear to another machine, as redis.plaintext lets
/// them.
void warn_of_plain_redis(const Config& config, EventLog& log);

/// Errc::usage when Redis would drop keys to make room, and jobs with them. A Redis that does not
/// tell is a warning only.
Status check_eviction(const Config& config, EventLog& log);

/// Errc::usage for a queue that other software than BullMQ 5 or 6 has made.
Status check_queue(const Config& config);

/// redis_refused when Redis is a cluster that has the budgets of the API's keys elsewhere than
/// here: no request would ever be sent.
Status check_budgets(const Config& config);

/// Asks the API's free account page whether the key is good. An API that can't be reached, or has
/// not answered within `patience`, is a warning only: jobs have their own retries. The account,
/// where it could be read.
Result<std::optional<ApiAccount>>
check_key(HunterApi& api, EventLog& log,
          std::chrono::milliseconds patience = std::chrono::seconds{10});

} // namespace gleaner
