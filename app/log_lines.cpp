#include "app/event_logger.hpp"

#include <nlohmann/json.hpp>

#include <type_traits>

/// The forms that EventLogger gives its lines.
namespace gleaner {

const char* name_of(LogLevel level) {
  switch (level) {
  case LogLevel::debug:
    return "debug";
  case LogLevel::info:
    return "info";
  case LogLevel::warn:
    return "warn";
  case LogLevel::error:
    return "error";
  }
  return "error";
}

namespace {

/// Bytes that a terminal would obey, as \xNN; among them the C1 controls and U+2028/9 in UTF-8.
std::string printable(std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto rest = text.substr(i);
    const bool c1 = byte == 0xC2 && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0xA0;
    const bool separator = rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9");
    if (byte >= 0x20 && byte != 0x7F && !c1 && !separator) {
      out += text[i];
      continue;
    }
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

/// As logfmt has it: bare, or in quotes with the escapes of JSON.
std::string logfmt_value(std::string_view text) {
  const bool bare = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '=' && c != '\\';
  });
  return bare ? std::string{text}
              : nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

} // namespace

std::string json_line(const Redaction& redaction, const std::string& ts, LogLevel level,
                      std::string_view code, std::string_view message,
                      std::span<const LogField> fields) {
  nlohmann::ordered_json line{
    {"ts", ts}, {"level", name_of(level)}, {"code", code}, {"msg", redaction.apply(message)}};
  for (const auto& field : fields)
    std::visit(
      [&](const auto& value) {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string_view>)
          line[std::string{field.key}] = redaction.apply(value);
        else
          line[std::string{field.key}] = value;
      },
      field.value);
  return line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string text_line(const Redaction& redaction, const std::string& ts, LogLevel level,
                      std::string_view code, std::string_view message,
                      std::span<const LogField> fields) {
  constexpr std::size_t clock_start = 11, clock_length = 12;
  auto line = ts.substr(clock_start, clock_length) + ' ' + name_of(level) + ' ' +
              std::string{code} + ": " + printable(redaction.apply(message));
  for (const auto& field : fields)
    std::visit(
      [&](const auto& value) {
        line += ' ' + std::string{field.key} + '=';
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string_view>)
          line += printable(redaction.apply(value));
        else
          line += nlohmann::json(value).dump();
      },
      field.value);
  return line;
}

std::string logfmt_line(const Redaction& redaction, const std::string& ts, LogLevel level,
                        std::string_view code, std::string_view message,
                        std::span<const LogField> fields) {
  auto line = "ts=" + ts + " level=" + name_of(level) + " code=" + std::string{code} +
              " msg=" + logfmt_value(redaction.apply(message));
  for (const auto& field : fields)
    std::visit(
      [&](const auto& value) {
        line += ' ' + std::string{field.key} + '=';
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string_view>)
          line += logfmt_value(redaction.apply(value));
        else
          line += nlohmann::json(value).dump();
      },
      field.value);
  return line;
}

} // namespace gleaner
