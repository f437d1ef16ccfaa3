#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gleaner {

/// Columns that `text` takes up on a terminal: 2 for wide characters (those of East Asia, emoji), 0
/// for marks that stand on others, 1 for all else, also for a byte that is no UTF-8. @pre no
/// control characters
std::size_t columns_of(std::string_view text) noexcept;

/// `text` in at most `columns`: what does not fit is cut, and a '~' says so.
std::string cut_to(std::string_view text, std::size_t columns);

/// The same in exactly that many, with spaces behind it or, with `right`, before it.
std::string padded(std::string_view text, std::size_t columns, bool right = false);

} // namespace gleaner
