#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>

namespace gleaner::redis {

/// Where a server is and how to log in.
struct RedisAddress {
  std::string rest_base;   ///< Set: Upstash's REST protocol there; nothing else is used.
  std::string socket_path; ///< Set: a unix socket, host and port unused.
  bool tls = false;
  std::string host = "127.0.0.1";
  int port = 6379;
  std::string user;
  std::string password;
  int database = 0;
};

/// Whether `url` is of the REST form: https://, or http:// to this machine. Such a server has no
/// blocking commands, no connections and no transactions.
bool is_rest_url(std::string_view url);

/// Reads redis://[user[:password]@]host[:port][/database], the same with rediss:// for TLS,
/// unix://[user:password@]/path[?db=N], and https://host[:port].
/// Percent-encoding in user and password is undone. Errc::usage with a detail that never holds the
/// password.
Result<RedisAddress> parse_redis_url(std::string_view url);

} // namespace gleaner::redis
