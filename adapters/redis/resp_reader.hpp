#pragma once

#include "adapters/redis/redis_value.hpp"
#include "core/result.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct redisReader;

namespace gleaner::redis {

/// Makes answers of a stream of bytes.
class RespReader {
public:
  RespReader();

  void feed(std::string_view bytes);

  /// The next complete answer, if there is one. Errc::redis_refused when the bytes are no RESP:
  /// nothing more is to be read then.
  Result<std::optional<RedisValue>> next();

private:
  struct Free {
    void operator()(redisReader* reader) const;
  };
  std::unique_ptr<redisReader, Free> reader_;
};

/// Appends a command to `out` as Redis wants it.
void append_command(std::string& out, std::span<const std::string> args);

} // namespace gleaner::redis
