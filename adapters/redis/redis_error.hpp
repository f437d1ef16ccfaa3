#pragma once

#include "adapters/redis/redis_value.hpp"
#include "core/result.hpp"

#include <string>
#include <string_view>

namespace gleaner::redis {

/// What an error answer means; the detail begins with `text`, Redis's own, and ends with a remedy
/// where there is one.
Error to_error(const std::string& text);

/// Whether an error answer begins with `word`, or quotes one that does: Redis 6 hands on errors in
/// scripts as "ERR Error running script (...): @user_script: 1: -OOM ...".
bool says(std::string_view text, std::string_view word);

/// Whether a cluster refuses a command because its keys belong to another node or to several slots.
bool is_of_cluster(const Error& error);

inline constexpr std::string_view refusal_reasons[] = {"oom",  "misconf",    "readonly", "loading",
                                                       "busy", "masterdown", "acl",      "other"};

/// Which of them an error is that Redis answered with.
std::string_view refusal_reason(const Error& error);

/// An error answer as an Error, any other as it is.
Result<RedisValue> to_result(RedisValue value);

} // namespace gleaner::redis
