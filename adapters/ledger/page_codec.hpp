#pragma once

#include "core/ports/page_codec.hpp"

namespace gleaner::ledger {

/// Largest page that is unpacked: one may hold 100 rows, each of at most some 60 KiB.
inline constexpr std::size_t largest_page = 16u << 20;

/// A version byte, then an LZ4 frame with a checksum around the fields in a fixed order. Never
/// fails.
std::string pack_page(const NormalizedPage& page);

/// Whatever the bytes are: a page or Errc::body_malformed, in memory bounded by `largest_page`.
Result<NormalizedPage> unpack_page(std::string_view packed);

/// Both.
PageCodec page_codec();

} // namespace gleaner::ledger
