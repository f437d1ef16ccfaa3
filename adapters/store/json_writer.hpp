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
  /// Writes over what `out` holds, which must outlive the writer: its memory is used again. It has
  /// the text, and nothing else, when the outermost object or array ends.
  explicit JsonWriter(std::string& out) : out_(out) {}

  /// A member of the object that is open; its value follows. @pre nothing in the name needs an
  /// escape
  void key(std::string_view name);
  /// Likewise, with a text as its value.
  void member(std::string_view name, std::string_view value);
  /// Values: of the key just written, or the next element of the array that is open.
  void number(std::uint64_t value);
  /// @pre finite, and 0 or at least 1e-6 in size: the range where JavaScript writes no exponent
  void number(double value);
  void flag(bool value);
  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }

private:
  void grow(std::size_t bytes);
  char* room(std::size_t bytes);
  char* room_for_value(std::size_t bytes);
  void written_to(const char* end);
  void begin(char bracket);
  void end(char bracket);
  void escaped(std::string_view value);

  std::string& out_;
  std::size_t used_ = 0; ///< Bytes of out_ that are written.
  std::size_t depth_ = 0;
  bool has_members_ = false; ///< Of what is open.
  bool after_key_ = false;
};

} // namespace gleaner::store
