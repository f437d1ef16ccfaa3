#include "core/unicode.hpp"

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

namespace gleaner {

namespace {

constexpr char32_t byte_order_mark = 0xFEFF;

constexpr std::uint64_t each_byte(std::uint8_t value) {
  return 0x0101010101010101u * value;
}

/// True when `flags` is zero for every eight bytes and `accept` true for every byte of the rest.
template <class Flags, class Accept>
bool all_of_bytes(std::string_view text, Flags flags, Accept accept) {
  std::uint64_t word = 0;
  for (; text.size() >= sizeof(word); text.remove_prefix(sizeof(word))) {
    std::memcpy(&word, text.data(), sizeof(word));
    if (flags(word) != 0)
      return false;
  }
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return accept(static_cast<unsigned char>(c)); });
}

struct FreeBytes {
  void operator()(std::uint8_t* bytes) const noexcept { std::free(bytes); }
};
using UnicodeText = std::unique_ptr<std::uint8_t, FreeBytes>;

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

/// libunistring reports a lack of memory as null, like malloc.
std::string to_string(UnicodeText text, std::size_t length) {
  if (!text)
    throw std::bad_alloc{};
  return {reinterpret_cast<const char*>(text.get()), length};
}

bool is_space(char32_t code_point) noexcept {
  return code_point == byte_order_mark || uc_is_property_white_space(code_point);
}

std::string visible(char32_t code_point, bool is_byte) {
  std::array<char, 16> text{};
  const auto value = static_cast<unsigned>(code_point);
  std::snprintf(text.data(), text.size(), is_byte ? "\\x%02x" : "\\u{%x}", value);
  return text.data();
}

bool is_invisible(char32_t code_point) noexcept {
  return is_control(code_point) || uc_is_general_category(code_point, UC_FORMAT);
}

/// Characters below U+0300, the first that joins with another, are in form C in any order; that one
/// begins with 0xCC in UTF-8.
bool has_no_marks(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0xCC; });
}

} // namespace

bool is_ascii(std::string_view text) noexcept {
  return all_of_bytes(
    text, [](std::uint64_t word) { return word & each_byte(0x80); },
    [](unsigned char c) { return c < 0x80; });
}

bool is_printable_ascii(std::string_view text) noexcept {
  return all_of_bytes(
    text,
    // A byte's top bit ends up set when the byte is over 0x7F, under 0x20 or 0x7F. Borrows of a
    // subtraction only start at bytes that are flagged anyway, so a zero result is exact.
    [](std::uint64_t word) {
      const auto from_delete = word ^ each_byte(0x7F);
      return (word | (word - each_byte(0x20)) | (from_delete - each_byte(1))) & each_byte(0x80);
    },
    [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
}

bool is_utf8(std::string_view text) noexcept {
  return is_ascii(text) || u8_check(bytes_of(text), text.size()) == nullptr;
}

std::optional<char32_t> take_code_point(std::string_view& text) noexcept {
  ucs4_t code_point = 0;
  const auto length = u8_mbtoucr(&code_point, bytes_of(text), text.size());
  text.remove_prefix(length > 0 ? static_cast<std::size_t>(length) : 1);
  if (length <= 0)
    return std::nullopt;
  return static_cast<char32_t>(code_point);
}

bool is_control(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

std::string_view trim(std::string_view text) noexcept {
  const auto is_mark = [](char c) { return c > ' ' && c < 0x7F; };
  if (!text.empty() && is_mark(text.front()) && is_mark(text.back()))
    return text;
  while (!text.empty()) {
    auto rest = text;
    const auto first = take_code_point(rest);
    if (!first || !is_space(*first))
      break;
    text = rest;
  }
  while (!text.empty()) {
    ucs4_t last = 0;
    const auto* end = bytes_of(text) + text.size();
    const auto* begin = u8_prev(&last, end, bytes_of(text));
    if (begin == nullptr || !is_space(last))
      break;
    text.remove_suffix(static_cast<std::size_t>(end - begin));
  }
  return text;
}

std::string lower_case(std::string_view text) {
  if (is_ascii(text)) {
    std::string lower{text};
    for (auto& c : lower)
      c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
  }
  if (!is_utf8(text))
    return std::string{text};
  std::size_t length = 0;
  UnicodeText lower{u8_tolower(bytes_of(text), text.size(), nullptr, nullptr, nullptr, &length)};
  return to_string(std::move(lower), length);
}

std::string to_nfc(std::string_view text) {
  if (has_no_marks(text) || !is_utf8(text))
    return std::string{text};
  std::size_t length = 0;
  UnicodeText composed{u8_normalize(UNINORM_NFC, bytes_of(text), text.size(), nullptr, &length)};
  return to_string(std::move(composed), length);
}

std::string quote(std::string_view text, std::size_t most) {
  std::string quoted = "\"";
  auto rest = text;
  for (std::size_t count = 0; !rest.empty() && count < most; ++count) {
    const auto character = rest;
    const auto code_point = take_code_point(rest);
    if (!code_point)
      quoted += visible(static_cast<unsigned char>(character.front()), true);
    else if (is_invisible(*code_point))
      quoted += visible(*code_point, *code_point < 0x80);
    else
      quoted += character.substr(0, character.size() - rest.size());
  }
  if (rest.empty())
    return quoted + '"';
  return quoted + "...\" (" + std::to_string(text.size()) + " bytes)";
}

} // namespace gleaner
