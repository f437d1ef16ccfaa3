#pragma once

#include <optional>
#include <string>

namespace gleaner::http {

/// What /version says, by which a gleaner is known: {"name":"gleaner","version":"1.2.3"}.
/// @pre `version` has nothing that JSON would escape
std::string version_page(const std::string& version);

/// The version in an answer that ends with such a page; nothing for any other.
std::optional<std::string> version_in(const std::string& answer);

} // namespace gleaner::http
