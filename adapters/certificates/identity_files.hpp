#pragma once

#include "adapters/certificates/certificate_authority.hpp"
#include "core/config.hpp"
#include "core/result.hpp"

#include <cstdint>

namespace gleaner::certificates {

/// When the certificate of `cluster.tls_cert` ends, in ms since the epoch, provided that the three
/// files of the settings can be used for `purpose` now: the key is the certificate's, closed to
/// others, and the certificate is signed by the CA, good today and for this purpose. Errc::usage
/// names the setting, its file and the remedy.
Result<std::int64_t> check_identity(const ClusterConfig& config, Purpose purpose);

} // namespace gleaner::certificates
