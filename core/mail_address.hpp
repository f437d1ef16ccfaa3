#pragma once

#include <string_view>

namespace gleaner {

/// Whether a lower-case text can be somebody's address: one '@', before it RFC 5322's dot-atom
/// (with RFC 6531's further letters, without '*', by which the API masks characters), behind it two
/// labels or more. Neither quotes nor white space, brackets or comments, which no published address
/// has.
bool is_mail_address(std::string_view address) noexcept;

} // namespace gleaner
