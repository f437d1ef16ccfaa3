#pragma once

#include "core/config.hpp"
#include "core/result.hpp"

#include <openssl/types.h>

#include <memory>
#include <string>

namespace gleaner::redis {

struct FreeTlsContext {
  void operator()(SSL_CTX* context) const;
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTlsContext>;

/// TLS 1.2 or newer, with the CAs and the client certificate of the settings. Errc::usage names
/// the file that can't be used.
Result<TlsContext> make_tls_context(const RedisConfig& config);

/// The server must prove that it is `name`, a host name or an IP address.
Status expect_name(SSL* ssl, const std::string& name);

} // namespace gleaner::redis
