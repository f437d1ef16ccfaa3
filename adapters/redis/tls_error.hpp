#pragma once

#include "core/error.hpp"

#include <openssl/types.h>

#include <string>

namespace gleaner::redis {

/// Why a call on `ssl` came back with `outcome`, and what to do about it; `place` is the server.
Error tls_error(const SSL* ssl, int outcome, const std::string& place);

} // namespace gleaner::redis
