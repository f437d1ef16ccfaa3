#pragma once

#include "adapters/redis/redis_value.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner::redis {

/// Appends a command to the body of a pipeline request: an array of strings. Errc::usage when an
/// argument is not UTF-8, which JSON can't carry; `body` is then as before.
Status append_rest_command(std::string& body, std::span<const std::string> args);

/// Reads the body of a pipeline's answer with status 200, which has one object with `result` or
/// `error` for each of the `count` commands, strings in base64
/// (https://upstash.com/docs/redis/features/restapi). Errc::redis_refused when it is none.
Result<std::vector<RedisValue>> read_rest_answers(std::string_view body, std::size_t count);

/// The text of an answer {"error": "..."}, or nothing.
std::string rest_error_text(std::string_view body);

} // namespace gleaner::redis
