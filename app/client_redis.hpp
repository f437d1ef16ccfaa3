#pragma once

#include "core/config.hpp"
#include "core/result.hpp"

namespace gleaner {

/// Where commands other than `run` find Redis: the configured one, else the private one of a
/// `gleaner run` in the same state folder. Errc::redis_unavailable with the remedy when there is
/// neither.
Result<RedisConfig> client_redis(const Config& config);

/// Prints "gleaner: <detail>" to stderr; the exit code that belongs to the error.
int report_failure(const Error& error);

} // namespace gleaner
