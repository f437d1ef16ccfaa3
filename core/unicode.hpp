#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gleaner {

bool is_ascii(std::string_view text) noexcept;
/// ASCII without control characters: what most text is, and cheap to tell.
bool is_printable_ascii(std::string_view text) noexcept;
bool is_utf8(std::string_view text) noexcept;

/// Takes the first character off `text`; nullopt for a byte that begins none (it is taken off too).
/// @pre text is not empty
std::optional<char32_t> take_code_point(std::string_view& text) noexcept;

/// Characters that change how text is read or shown instead of being text: controls (C0, DEL, C1),
/// line and paragraph separators, and those that turn the direction of writing.
bool is_control(char32_t code_point) noexcept;

/// Without leading and trailing white space (what JavaScript's trim() takes off).
std::string_view trim(std::string_view text) noexcept;

/// Unicode lower case as JavaScript's toLowerCase (locale-free); invalid UTF-8 comes back as is.
std::string lower_case(std::string_view text);

/// Unicode normalisation form C; invalid UTF-8 comes back as is.
std::string to_nfc(std::string_view text);

/// `text` in quotes for an error message: at most `most` characters of it, with control and
/// invisible characters and invalid bytes made visible; says how long the text is when something is
/// left out.
std::string quote(std::string_view text, std::size_t most = 60);

} // namespace gleaner
