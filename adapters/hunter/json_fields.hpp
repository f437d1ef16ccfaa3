#pragma once

#include <simdjson.h>

#include <string_view>

namespace gleaner::hunter {

using simdjson::error_code;
namespace ondemand = simdjson::ondemand;

/// Calls `handle(key, value)` for every field of an object until it returns an error. A value that
/// `handle` does not read is skipped. Keys are compared as written: the API escapes nothing in
/// them.
template <class Handle>
error_code for_each_field(ondemand::object object, Handle handle) {
  for (auto field : object) {
    ondemand::raw_json_string key;
    if (const auto error = field.key().get(key); error != simdjson::SUCCESS)
      return error;
    ondemand::value value;
    if (const auto error = field.value().get(value); error != simdjson::SUCCESS)
      return error;
    if (const auto error = handle(key, value); error != simdjson::SUCCESS)
      return error;
  }
  return simdjson::SUCCESS;
}

/// Calls `handle(value)` for every element of an array until it returns an error.
template <class Handle>
error_code for_each_element(ondemand::array array, Handle handle) {
  for (auto element : array) {
    ondemand::value value;
    if (const auto error = element.get(value); error != simdjson::SUCCESS)
      return error;
    if (const auto error = handle(value); error != simdjson::SUCCESS)
      return error;
  }
  return simdjson::SUCCESS;
}

/// What became of a value that should be a string.
enum class TextOutcome { text, null, wrong_type, invalid_unicode };

/// Reads a string into `text`, a view that lives as long as the parsed page. An error only when the
/// JSON itself is broken.
inline error_code read_text(ondemand::value& value, std::string_view& text, TextOutcome& outcome) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type); error != simdjson::SUCCESS)
    return error;
  text = {};
  outcome = TextOutcome::wrong_type;
  if (type == ondemand::json_type::string) {
    const auto error = value.get_string().get(text);
    outcome = error == simdjson::SUCCESS ? TextOutcome::text : TextOutcome::invalid_unicode;
  } else if (type == ondemand::json_type::null) {
    bool is_null = false;
    if (value.is_null().get(is_null) != simdjson::SUCCESS || !is_null)
      return simdjson::N_ATOM_ERROR;
    outcome = TextOutcome::null;
  }
  return simdjson::SUCCESS;
}

/// True for `true`; everything else, also what is no boolean, is false.
inline bool read_flag(ondemand::value& value) {
  bool flag = false;
  return value.get_bool().get(flag) == simdjson::SUCCESS && flag;
}

} // namespace gleaner::hunter
