#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gleaner::redis {

/// An answer of Redis (RESP2), owned. Nested errors occur in EXEC results only.
struct RedisValue {
  enum class Kind : std::uint8_t { nil, integer, text, array, error };
  Kind kind = Kind::nil;
  std::int64_t integer = 0;
  std::string text; ///< text (bulk and simple strings) and error.
  std::vector<RedisValue> items;

  bool is_nil() const noexcept { return kind == Kind::nil; }
};

} // namespace gleaner::redis
