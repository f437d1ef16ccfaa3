#include "adapters/store/json_writer.hpp"

#include "core/unicode.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

namespace gleaner::store {

namespace {

constexpr std::string_view replacement = "\uFFFD";
constexpr std::string_view line = ",\n                 "; // deeper than our files are

char* copy(std::string_view text, char* to) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

/// JSON.stringify's escapes: the short ones where JSON has them, else lower-case \u00xx.
char* escape(char c, char* to) {
  constexpr std::string_view shorts = "\"\\\b\f\n\r\t";
  constexpr std::string_view letters = "\"\\bfnrt";
  constexpr std::string_view digits = "0123456789abcdef";
  *to++ = '\\';
  if (const auto at = shorts.find(c); at != shorts.npos) {
    *to++ = letters[at];
    return to;
  }
  to = copy("u00", to);
  *to++ = digits[static_cast<unsigned char>(c) >> 4];
  *to++ = digits[static_cast<unsigned char>(c) & 15];
  return to;
}

bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const auto before = text;
    const bool is_character = take_code_point(text).has_value();
    valid += is_character ? before.substr(0, before.size() - text.size()) : replacement;
  }
  return valid;
}

constexpr std::uint64_t each_byte(std::uint8_t value) {
  return 0x0101010101010101u * value;
}

/// Each top bit that ends up set is that of a byte which is not plain, or follows on such a one.
constexpr std::uint64_t not_plain(std::uint64_t word) {
  const auto without = [word](std::uint8_t c) { return (word ^ each_byte(c)) - each_byte(1); };
  return (word | (word - each_byte(' ')) | without('"') | without('\\')) & each_byte(0x80);
}

/// Copies ASCII that needs no escape, which nearly all text is; else null. @pre 8 bytes of room
/// behind the text's own
char* copy_plain(std::string_view text, char* to) {
  std::uint64_t word = each_byte(' ');
  for (; text.size() >= sizeof(word); text.remove_prefix(sizeof(word)), to += sizeof(word)) {
    std::memcpy(&word, text.data(), sizeof(word));
    if (not_plain(word) != 0)
      return nullptr;
    std::memcpy(to, &word, sizeof(word));
  }
  word = each_byte(' ');
  std::memcpy(&word, text.data(), text.size());
  std::memcpy(to, &word, sizeof(word));
  return not_plain(word) == 0 ? to + text.size() : nullptr;
}

/// Writes 0, 1 and hundredths between them, as confidences are; else null. The fewest digits that
/// make such a number are its own two.
char* write_hundredths(double value, char* to) {
  const auto whole = static_cast<unsigned>(value >= 0 && value <= 1 ? value * 100 + 0.5 : 0);
  if (whole / 100.0 != value)
    return nullptr;
  *to++ = whole == 100 ? '1' : '0';
  if (whole % 100 == 0)
    return to;
  *to++ = '.';
  *to++ = static_cast<char>('0' + whole / 10);
  if (whole % 10 != 0)
    *to++ = static_cast<char>('0' + whole % 10);
  return to;
}

} // namespace

void JsonWriter::grow(std::size_t bytes) {
  out_.resize(std::max(out_.capacity(), used_ + bytes)); // the string doubles what it has
}

/// Where so many bytes can be written.
inline char* JsonWriter::room(std::size_t bytes) {
  if (out_.size() - used_ < bytes)
    grow(bytes);
  return out_.data() + used_;
}

/// Likewise, behind what separates a value from the one before.
inline char* JsonWriter::room_for_value(std::size_t bytes) {
  auto* at = room(line.size() + bytes);
  if (std::exchange(after_key_, false) || depth_ == 0)
    return at;
  const std::size_t skipped = std::exchange(has_members_, true) ? 0 : 1;
  std::memcpy(at, line.data() + skipped, line.size() - 1); // of fixed size, so quick
  return at + 2 + 2 * depth_ - skipped;
}

inline void JsonWriter::written_to(const char* end) {
  used_ = static_cast<std::size_t>(end - out_.data());
}

void JsonWriter::key(std::string_view name) {
  auto* at = room_for_value(name.size() + 4);
  *at++ = '"';
  written_to(copy("\": ", copy(name, at)));
  after_key_ = true;
}

void JsonWriter::member(std::string_view name, std::string_view value) {
  auto* at = room_for_value(name.size() + value.size() + 16);
  *at++ = '"';
  at = copy("\": \"", copy(name, at));
  auto* end = copy_plain(value, at);
  written_to(end ? copy("\"", end) : at - 1);
  if (!end)
    escaped(value);
}

/// Any text, with its quotes, in the place of a value.
void JsonWriter::escaped(std::string_view value) {
  const auto valid = is_utf8(value) ? std::string{} : valid_utf8(value);
  const auto text = valid.empty() ? value : valid;
  constexpr std::size_t longest_escape = 6;
  auto* at = room(longest_escape * text.size() + 2);
  *at++ = '"';
  for (const char c : text)
    if (needs_escape(c))
      at = escape(c, at);
    else
      *at++ = c;
  *at++ = '"';
  written_to(at);
}

void JsonWriter::number(std::uint64_t value) {
  constexpr std::size_t longest = 20;
  auto* at = room_for_value(longest);
  written_to(std::to_chars(at, at + longest, value).ptr);
}

void JsonWriter::number(double value) {
  constexpr std::size_t longest = 400; // of a double in fixed form
  auto* at = room_for_value(longest);
  if (auto* end = write_hundredths(value, at))
    return written_to(end);
  written_to(
    std::to_chars(at, at + longest, value == 0 ? 0.0 : value, std::chars_format::fixed).ptr);
}

void JsonWriter::flag(bool value) {
  const std::string_view word = value ? "true" : "false";
  written_to(copy(word, room_for_value(word.size())));
}

void JsonWriter::begin(char bracket) {
  auto* at = room_for_value(1);
  *at++ = bracket;
  written_to(at);
  ++depth_;
  has_members_ = false;
}

void JsonWriter::end(char bracket) {
  --depth_;
  auto* at = room(line.size() + 1);
  if (has_members_)
    at = copy(line.substr(1, 1 + 2 * depth_), at);
  *at++ = bracket;
  written_to(at);
  has_members_ = true;
  if (depth_ == 0)
    out_.resize(used_);
}

} // namespace gleaner::store
