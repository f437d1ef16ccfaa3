#include "adapters/ledger/page_codec.hpp"

#include "core/contact_fields.hpp"

#include <lz4frame.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace gleaner::ledger {

namespace {

/// A few bytes of a damaged or forged page must not become much memory.
constexpr std::size_t most_contacts = 10'000;

constexpr char version = 1;        // of the order of fields
constexpr char text_version = 't'; // base64 of the other form

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

/// Nothing when it is none.
std::optional<std::string> from_base64(std::string_view text) {
  constexpr std::size_t block = 4;
  if (text.empty() || text.size() % block != 0 || text.size() > 2 * largest_page)
    return std::nullopt;
  std::string bytes(text.size() / block * 3, '\0');
  const auto size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                    reinterpret_cast<const unsigned char*>(text.data()),
                                    static_cast<int>(text.size()));
  if (size < 0)
    return std::nullopt;
  const auto padding = text.size() - std::min(text.find_last_not_of('=') + 1, text.size());
  bytes.resize(static_cast<std::size_t>(size) - std::min<std::size_t>(padding, 2));
  return bytes;
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

/// What stands before the contacts.
template <class Archive, class Page>
void archive_head(Archive& archive, Page& page) {
  archive.number(page.header.total);
  archive.number(page.header.rows);
  archive.text(page.header.organization);
  archive.text(page.header.pattern);
  archive.flag(page.header.accept_all);
  archive.flag(page.header.webmail);
  archive.flag(page.header.disposable);
  archive.number(page.rejected);
}

std::optional<NormalizedPage> read_fields(std::string_view bytes) {
  NormalizedPage page;
  FieldReader reader{bytes};
  archive_head(reader, page);
  std::uint32_t count = 0;
  reader.number(count);
  if (!reader.intact() || count > most_contacts)
    return std::nullopt;
  auto contacts = ContactList::from_bytes(std::string{reader.rest()}, count);
  if (!contacts)
    return std::nullopt;
  page.contacts = std::move(*contacts);
  return page;
}

} // namespace

std::string pack_page(const NormalizedPage& page) {
  std::string fields;
  FieldWriter writer{fields};
  archive_head(writer, page);
  writer.number(static_cast<std::uint32_t>(page.contacts.size()));
  fields += page.contacts.bytes();
  const auto chosen = preferences(fields.size());
  std::string packed(1 + LZ4F_compressFrameBound(fields.size(), &chosen), version);
  const auto size =
    LZ4F_compressFrame(packed.data() + 1, packed.size() - 1, fields.data(), fields.size(), &chosen);
  packed.resize(1 + size); // it can't fail: the bound is its own
  return packed;
}

std::string pack_page_as_text(const NormalizedPage& page) {
  const auto bytes = pack_page(page);
  std::string text(1 + 4 * ((bytes.size() + 2) / 3) + 1, text_version);
  const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data() + 1),
                                    reinterpret_cast<const unsigned char*>(bytes.data()),
                                    static_cast<int>(bytes.size()));
  text.resize(1 + static_cast<std::size_t>(size)); // without the final NUL
  return text;
}

Result<NormalizedPage> unpack_page(std::string_view packed) {
  if (packed.starts_with(text_version)) {
    const auto bytes = from_base64(packed.substr(1));
    return bytes && !bytes->starts_with(text_version) ? unpack_page(*bytes)
                                                      : Result<NormalizedPage>{damaged()};
  }
  if (packed.empty() || packed.front() != version)
    return damaged();
  const auto fields = decompress(packed.substr(1));
  auto page = fields ? read_fields(*fields) : std::nullopt;
  return page ? Result<NormalizedPage>{std::move(*page)} : damaged();
}

PageCodec page_codec(bool as_text) {
  return {as_text ? pack_page_as_text : pack_page, unpack_page, as_text};
}

} // namespace gleaner::ledger
