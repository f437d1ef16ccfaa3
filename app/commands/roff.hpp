#pragma once

#include <string>
#include <vector>

namespace gleaner::roff {

/// Text that roff prints as it is.
std::string plain(const std::string& text);

/// The same, with what stands between backquotes in bold.
std::string prose(const std::string& text);

std::string bold(const std::string& text);
std::string italic(const std::string& text);

/// ".SH": the beginning of a section, and ".SS" of a part of one.
std::string section(const std::string& title);
std::string part(const std::string& title);

/// A paragraph of what is roff already.
std::string paragraph(const std::string& text);

/// "EXAMPLES"-like lines, kept as they are.
std::string lines(const std::vector<std::string>& text);

/// A term and, indented below it, what is roff already.
std::string term(const std::string& name, const std::string& text);

} // namespace gleaner::roff
