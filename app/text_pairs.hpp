#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gleaner {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

/// "name=value,other=value", values percent-encoded, as OpenTelemetry's variables have them; white
/// space around names and values does not count. Nothing when a name is missing or not made of
/// letters, digits and !#$%&'*+-.^_`|~, or when a value holds control characters.
std::optional<TextPairs> parse_pairs(std::string_view text);

} // namespace gleaner
