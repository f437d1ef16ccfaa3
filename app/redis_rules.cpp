#include "app/redis_rules.hpp"

#include "adapters/redis/redis_url.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace gleaner {

namespace {

void check_url(LoadedConfig& loaded) {
  const auto& url = loaded.config.redis.url;
  if (url.empty())
    return;
  const auto& origin = loaded.origins["redis.url"];
  if (const auto address = redis::parse_redis_url(url); !address)
    loaded.problems.push_back((origin == "REDIS_URL" ? "" : origin + ": ") +
                              address.error().detail);
}

void check_files(LoadedConfig& loaded) {
  const auto& redis = loaded.config.redis;
  for (const auto& [path, file] : {std::pair{"redis.tls_ca", redis.tls_ca},
                                   {"redis.tls_cert", redis.tls_cert},
                                   {"redis.tls_key", redis.tls_key}})
    if (!file.empty() && access(file.c_str(), R_OK) != 0)
      loaded.problems.push_back(loaded.origins[path] + ": " + path + ": " + file + ": " +
                                std::strerror(errno) + "; name a readable PEM file");
  if (redis.tls_cert.empty() != redis.tls_key.empty())
    loaded.problems.push_back("redis.tls_cert and redis.tls_key go together: set both, or neither");
}

void check_rest(LoadedConfig& loaded) {
  const auto& redis = loaded.config.redis;
  if (!redis::is_rest_url(redis.url))
    return;
  if (redis.rest_token.empty())
    loaded.problems.push_back(loaded.origins["redis.url"] +
                              ": the REST form needs its token: set UPSTASH_REDIS_REST_TOKEN");
  if (!redis.tls_server_name.empty())
    loaded.problems.push_back(loaded.origins["redis.tls_server_name"] +
                              ": redis.tls_server_name is for rediss://; the REST form checks the "
                              "host of its URL: unset it");
}

} // namespace

void settle_redis(LoadedConfig& loaded) {
  check_url(loaded);
  check_rest(loaded);
  check_files(loaded);
}

} // namespace gleaner
