#pragma once

#include "tests/simulator/answer.hpp"

namespace gleaner::sim {

/// `text` as a gzip member (RFC 1952).
std::string gzipped(std::string_view text);

/// A valid gzip member that unfolds to `megabytes` of a JSON string; made once and kept.
Body gzip_bomb(std::size_t megabytes);

} // namespace gleaner::sim
