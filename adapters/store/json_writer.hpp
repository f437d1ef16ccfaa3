#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gleaner::store {

/// Writes JSON as JSON.stringify(value, null, 2) does; the caller nests (at most 8 deep) and
/// names correctly.
class JsonWriter {
public:
  /// Appends to `out`, which must outlive the writer.
  explicit JsonWriter(std::string& out) : out_(out) {}

  /// A member of the object that is open. @pre nothing in the name needs an escape
  void key(std::string_view name);
  /// Values: of the key just written, or the next element of the array that is open.
  void text(std::string_view value);
  void number(std::uint64_t value);
  /// @pre finite, and 0 or at least 1e-6 in size: the range where JavaScript writes no exponent
  void number(double value);
  void flag(bool value);
  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }

private:
  void begin(char bracket);
  void end(char bracket);
  void before_value();
  void new_line(bool comma);
  void append_text(std::string_view value);

  std::string& out_;
  std::size_t depth_ = 0;
  bool has_members_ = false; ///< Of what is open.
  bool after_key_ = false;
};

} // namespace gleaner::store
