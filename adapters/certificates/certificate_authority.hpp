#pragma once

#include "core/result.hpp"

#include <string>
#include <vector>

namespace gleaner::certificates {

/// A certificate and its key, each as PEM.
struct Identity {
  std::string certificate;
  std::string key;
};

/// What a certificate proves: that its owner may let nodes join, or join.
enum class Purpose { coordinator, fetcher };

struct CertificateRequest {
  std::string name; ///< Its common name, for people: 1 to 64 letters, digits, '-', '_' and '.'.
  Purpose purpose = Purpose::fetcher;
  std::vector<std::string> hosts; ///< Names and addresses by which a coordinator is joined.
  int days = 0;                   ///< From now; at least 1.
};

/// A new private CA: P-256, may sign certificates of nodes and no further CAs.
/// Errc::usage: a name or a number of days that can't be.
Result<Identity> make_authority(const std::string& name, int days);

/// A new key with a certificate signed by `authority`. A fetcher's can't be used by a coordinator,
/// so that a fetcher can't pose as one, nor the other way round.
/// Errc::usage names what in the request, or in the authority's texts, can't be used.
Result<Identity> issue(const Identity& authority, const CertificateRequest& request);

} // namespace gleaner::certificates
