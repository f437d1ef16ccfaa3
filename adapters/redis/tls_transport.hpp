#pragma once

#include "adapters/redis/socket.hpp"
#include "core/config.hpp"

#include <chrono>
#include <memory>

namespace gleaner::redis {

/// Speaks TLS (1.2 or newer) over `socket`. The server must show a certificate of a trusted CA for
/// the host's name, or for `config.tls_server_name`. Errc::redis_unavailable when it does not
/// answer by the deadline, redis_refused when it can't be trusted or speaks no TLS, redis_denied
/// when it wants a client certificate, usage when a file of the settings can't be used.
Result<std::unique_ptr<Transport>> open_tls(Socket socket, const RedisAddress& address,
                                            const RedisConfig& config,
                                            std::chrono::steady_clock::time_point deadline);

} // namespace gleaner::redis
