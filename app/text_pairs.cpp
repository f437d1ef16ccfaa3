#include "app/text_pairs.hpp"

#include "app/setting_values.hpp"

#include <algorithm>
#include <charconv>

namespace gleaner {

namespace {

constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";

bool is_token(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           token_marks.find(c) != std::string_view::npos;
  });
}

/// A percent sign that begins no code stands for itself.
std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const auto* const code = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(code, code + 2, byte, 16).ptr == code + 2) {
      plain += static_cast<char>(byte);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

} // namespace

std::optional<TextPairs> parse_pairs(std::string_view text) {
  TextPairs pairs;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const auto pair = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty())
      continue;
    const auto equals = pair.find('=');
    const auto name = trimmed(pair.substr(0, equals));
    if (equals == std::string_view::npos || !is_token(name))
      return std::nullopt;
    auto value = decoded(trimmed(pair.substr(equals + 1)));
    if (std::any_of(value.begin(), value.end(),
                    [](unsigned char c) { return c < ' ' || c == 0x7F; }))
      return std::nullopt;
    pairs.emplace_back(name, std::move(value));
  }
  return pairs;
}

} // namespace gleaner
