#include "adapters/ledger/page_codec.hpp"

#include "adapters/ledger/field_archive.hpp"

#include <lz4frame.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace gleaner::ledger {

namespace {

constexpr char version = 1; // of the order of fields

LZ4F_preferences_t preferences(std::size_t size) {
  LZ4F_preferences_t chosen{};
  chosen.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  chosen.frameInfo.contentSize = size;
  return chosen;
}

struct FreeContext {
  void operator()(LZ4F_dctx* context) const { LZ4F_freeDecompressionContext(context); }
};

Error damaged() {
  return {Errc::body_malformed, "a page of the ledger is damaged"};
}

/// The whole frame's content, or nothing.
std::optional<std::string> decompress(std::string_view frame) {
  LZ4F_dctx* made = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&made, LZ4F_VERSION)))
    return std::nullopt;
  const std::unique_ptr<LZ4F_dctx, FreeContext> context{made};
  LZ4F_frameInfo_t info{};
  auto consumed = frame.size();
  if (LZ4F_isError(LZ4F_getFrameInfo(context.get(), &info, frame.data(), &consumed)) ||
      info.contentSize > largest_page)
    return std::nullopt;
  frame.remove_prefix(consumed);
  std::string content(static_cast<std::size_t>(info.contentSize), '\0');
  auto size = content.size();
  consumed = frame.size();
  const auto left =
    LZ4F_decompress(context.get(), content.data(), &size, frame.data(), &consumed, nullptr);
  // 0: the frame is complete and its checksum is right.
  const bool whole = left == 0 && size == content.size() && consumed == frame.size();
  return whole ? std::optional{std::move(content)} : std::nullopt;
}

} // namespace

std::string pack_page(const NormalizedPage& page) {
  std::string fields;
  FieldWriter writer{fields};
  archive_page(writer, page);
  const auto chosen = preferences(fields.size());
  std::string packed(1 + LZ4F_compressFrameBound(fields.size(), &chosen), version);
  const auto size =
    LZ4F_compressFrame(packed.data() + 1, packed.size() - 1, fields.data(), fields.size(), &chosen);
  packed.resize(1 + size); // it can't fail: the bound is its own
  return packed;
}

Result<NormalizedPage> unpack_page(std::string_view packed) {
  if (packed.empty() || packed.front() != version)
    return damaged();
  const auto fields = decompress(packed.substr(1));
  if (!fields)
    return damaged();
  NormalizedPage page;
  FieldReader reader{*fields};
  archive_page(reader, page);
  const bool sound = std::all_of(page.contacts.begin(), page.contacts.end(), [](const auto& each) {
    return each.confidence >= 0 && each.confidence <= 1; // not so for NaN
  });
  if (!reader.valid() || !sound)
    return damaged();
  return page;
}

PageCodec page_codec() {
  return {pack_page, unpack_page};
}

} // namespace gleaner::ledger
