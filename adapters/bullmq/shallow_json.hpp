#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace gleaner::bullmq {

using Json = nlohmann::json;

/// Parses text from outside, or gives a discarded value: for what is no JSON and for what nests
/// deeper than any job needs (nlohmann copies and destroys documents recursively).
Json parse_shallow(std::string_view text);

/// The beginning of `text`, at most 60 characters, in quotes, unprintable bytes as '?'.
std::string quoted(std::string_view text);

} // namespace gleaner::bullmq
