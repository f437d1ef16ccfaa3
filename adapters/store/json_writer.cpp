#include "adapters/store/json_writer.hpp"

#include "core/unicode.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace gleaner::store {

namespace {

constexpr std::string_view replacement = "\uFFFD";

/// JSON.stringify's escapes: the short ones where JSON has them, else lower-case \u00xx.
void append_escaped(std::string& out, char c) {
  constexpr std::string_view shorts = "\"\\\b\f\n\r\t";
  constexpr std::string_view letters = "\"\\bfnrt";
  constexpr std::string_view digits = "0123456789abcdef";
  if (const auto at = shorts.find(c); at != std::string_view::npos) {
    out += '\\';
    out += letters[at];
    return;
  }
  out += "\\u00";
  out += digits[static_cast<unsigned char>(c) >> 4];
  out += digits[static_cast<unsigned char>(c) & 15];
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

} // namespace

void JsonWriter::key(std::string_view name) {
  before_value();
  out_ += '"';
  out_ += name;
  out_ += "\": ";
  after_key_ = true;
}

void JsonWriter::text(std::string_view value) {
  before_value();
  out_ += '"';
  if (is_plain_json(value))
    out_ += value; // nearly always
  else if (is_utf8(value))
    append_text(value);
  else
    append_text(valid_utf8(value));
  out_ += '"';
}

void JsonWriter::number(std::uint64_t value) {
  before_value();
  out_ += std::to_string(value);
}

void JsonWriter::number(double value) {
  before_value();
  std::array<char, 400> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(),
                                          value == 0 ? 0.0 : value, std::chars_format::fixed);
  out_.append(digits.data(), end); // no double is longer in fixed form
}

void JsonWriter::flag(bool value) {
  before_value();
  out_ += value ? "true" : "false";
}

void JsonWriter::begin(char bracket) {
  before_value();
  out_ += bracket;
  ++depth_;
  has_members_ = false;
}

void JsonWriter::end(char bracket) {
  --depth_;
  if (has_members_)
    new_line(false);
  out_ += bracket;
  has_members_ = true;
}

void JsonWriter::before_value() {
  if (std::exchange(after_key_, false) || depth_ == 0)
    return;
  new_line(std::exchange(has_members_, true));
}

void JsonWriter::new_line(bool comma) {
  constexpr std::string_view line = ",\n                "; // deeper than our files are
  out_ += line.substr(comma ? 0 : 1, 2 * depth_ + (comma ? 2 : 1));
}

void JsonWriter::append_text(std::string_view value) {
  std::size_t written = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (!needs_escape(value[at]))
      continue;
    out_ += value.substr(written, at - written);
    append_escaped(out_, value[at]);
    written = at + 1;
  }
  out_ += value.substr(written);
}

} // namespace gleaner::store
