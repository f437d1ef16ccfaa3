#pragma once

#include "adapters/redis/redis_value.hpp"
#include "core/result.hpp"

#include <string>

namespace gleaner::redis {

/// What an error answer means; the detail begins with `text`, Redis's own, and ends with a remedy
/// where there is one.
Error to_error(const std::string& text);

/// An error answer as an Error, any other as it is.
Result<RedisValue> to_result(RedisValue value);

} // namespace gleaner::redis
