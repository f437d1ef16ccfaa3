#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gleaner::bullmq {

/// Writes one flat JSON object without white space, byte for byte what JavaScript's JSON.stringify
/// makes of it; members in the order of the calls. @pre nothing in a name needs an escape
class JsonLine {
public:
  JsonLine() { json_.reserve(128); } // what most need

  /// Bytes that are no UTF-8 become U+FFFD.
  void text(std::string_view name, std::string_view value);
  void number(std::string_view name, std::int64_t value);
  void flag(std::string_view name, bool value);

  /// The whole object; nothing can be added to it.
  std::string take() &&;

private:
  void begin_member(std::string_view name);

  std::string json_ = "{";
};

} // namespace gleaner::bullmq
