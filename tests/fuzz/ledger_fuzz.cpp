// What lies in Redis as a page of a ledger: as it is, and as the content of a frame with a right
// checksum.
#include "adapters/ledger/page_codec.hpp"
#include "tests/fuzz/fuzzing.hpp"

#include <lz4frame.h>

#include <string>

namespace gleaner::fuzz {

namespace {

std::string framed(std::string_view content) {
  LZ4F_preferences_t chosen{};
  chosen.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  chosen.frameInfo.contentSize = content.size();
  std::string packed(1 + LZ4F_compressFrameBound(content.size(), &chosen), '\1');
  packed.resize(1 + LZ4F_compressFrame(packed.data() + 1, packed.size() - 1, content.data(),
                                       content.size(), &chosen));
  return packed;
}

void try_page(std::string_view packed) {
  const auto page = ledger::unpack_page(packed);
  if (!page)
    return require(page.error().code == Errc::body_malformed, "a page that is none is malformed");
  const auto again = ledger::unpack_page(ledger::pack_page(*page));
  require(bool{again}, "a page that was read can be kept");
  require(ledger::pack_page(*again) == ledger::pack_page(*page), "and comes back as it was");
}

} // namespace

void try_input(std::string_view input) {
  try_page(input);
  if (!input.empty())
    try_page(framed(input));
}

} // namespace gleaner::fuzz
