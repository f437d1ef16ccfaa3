#include "app/client_redis.hpp"

#include "adapters/embedded/embedded_redis.hpp"
#include "app/exit_code.hpp"
#include "app/terminal.hpp"

#include <filesystem>
#include <iostream>

namespace gleaner {

Result<RedisConfig> client_redis(const Config& config) {
  auto redis = config.redis;
  if (!redis.url.empty())
    return redis;
  const auto socket = embedded::embedded_socket(config.state_folder);
  if (!std::filesystem::exists(socket))
    return Error{Errc::redis_unavailable,
                 "no Redis: set REDIS_URL, or start `gleaner run` with the same state folder (" +
                   config.state_folder + ")"};
  redis.url = embedded::embedded_url(config.state_folder);
  return redis;
}

int report_failure(const Error& error) {
  std::cerr << "gleaner: " << harmless(describe(error)) << '\n';
  return static_cast<int>(exit_code_of(error.code));
}

} // namespace gleaner
