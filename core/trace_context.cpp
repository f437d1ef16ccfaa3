#include "core/trace_context.hpp"

#include <cstddef>

namespace gleaner {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

/// Capital letters are not allowed.
std::optional<std::uint64_t> read_hex(std::string_view text) {
  std::uint64_t value = 0;
  for (const char digit : text) {
    const auto place = hex_digits.find(digit);
    if (place == std::string_view::npos)
      return std::nullopt;
    value = value << 4 | place;
  }
  return value;
}

void append_hex(std::string& text, std::uint64_t value) {
  for (int shift = 60; shift >= 0; shift -= 4)
    text += hex_digits[(value >> shift) & 15];
}

} // namespace

std::optional<TraceContext> parse_traceparent(std::string_view text) {
  constexpr std::size_t length = 55; // of version 00; later ones may go on after a hyphen
  if (text.size() < length || text[2] != '-' || text[35] != '-' || text[52] != '-')
    return std::nullopt;
  const auto version = read_hex(text.substr(0, 2));
  const auto flags = read_hex(text.substr(53, 2));
  const auto high = read_hex(text.substr(3, 16)), low = read_hex(text.substr(19, 16));
  const auto span_id = read_hex(text.substr(36, 16));
  if (!version || !flags || !high || !low || !span_id || *version == 0xff)
    return std::nullopt;
  if (text.size() > length && (*version == 0 || text[length] != '-'))
    return std::nullopt;
  const TraceContext context{*high, *low, *span_id, (*flags & 1) != 0};
  return context.valid() ? std::optional{context} : std::nullopt;
}

std::string format_traceparent(const TraceContext& context) {
  return "00-" + trace_id_text(context) + '-' + span_id_text(context.span_id) +
         (context.sampled ? "-01" : "-00");
}

std::string trace_id_text(const TraceContext& context) {
  std::string text;
  append_hex(text, context.trace_high);
  append_hex(text, context.trace_low);
  return text;
}

std::string span_id_text(std::uint64_t span_id) {
  std::string text;
  append_hex(text, span_id);
  return text;
}

} // namespace gleaner
