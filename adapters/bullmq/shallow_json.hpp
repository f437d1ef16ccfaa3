#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gleaner::bullmq {

using Json = nlohmann::json;

/// Parses text from outside, or gives a discarded value: for what is no JSON and for what nests
/// deeper than any job needs (nlohmann copies and destroys documents recursively).
Json parse_shallow(std::string_view text);

/// The number at `key` without its fraction, cut to +-9e15 (beyond all times, and far enough from
/// the end of the type to reckon with), or nothing where there is none. `object` is one.
std::optional<std::int64_t> integer_in(const Json& object, const char* key);

/// The beginning of `text`, at most 60 characters, in quotes, unprintable bytes as '?'.
std::string quoted(std::string_view text);

} // namespace gleaner::bullmq
