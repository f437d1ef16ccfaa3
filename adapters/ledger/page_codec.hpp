#pragma once

#include "core/ports/page_codec.hpp"

namespace gleaner::ledger {

/// Largest page that is unpacked: one may hold 100 rows, each of at most some 60 KiB.
inline constexpr std::size_t largest_page = 16u << 20;

/// A version byte, then an LZ4 frame with a checksum around the fields in a fixed order. Never
/// fails.
std::string pack_page(const NormalizedPage& page);

/// The same in base64 behind a letter, for where bytes can't pass: Redis over REST takes text.
std::string pack_page_as_text(const NormalizedPage& page);

/// Either form. Whatever the bytes are: a page or Errc::body_malformed, in memory bounded by
/// `largest_page`.
Result<NormalizedPage> unpack_page(std::string_view packed);

/// Packs as text if asked to, unpacks both forms.
PageCodec page_codec(bool as_text);

} // namespace gleaner::ledger
