#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace gleaner {

constexpr std::size_t longest_domain_label = 63; // bytes; RFC 1035, 2.3.4

/// The A-label form (RFC 5890) of a bare domain name, in lower case: at least two labels of
/// letters, digits and hyphens, at most 253 bytes, no IP address. The error's detail says what is
/// wrong with the name without naming it, e.g. `it contains a space`.
Result<std::string> to_a_labels(std::string_view name);

} // namespace gleaner
