#pragma once

#include "core/result.hpp"

#include <string>

namespace gleaner {

/// The text of a file that holds a secret, without white space at its end. The file must be ours,
/// closed to others (mode 0600 or less), not empty and at most 64 KiB; the error's detail says
/// which rule it breaks, never what it holds.
///
/// What lies in `credentials`, the folder that systemd makes for LoadCredential=, may also be
/// root's: an ACL lets us read it, whose mask looks like rights of the group. The folder itself
/// must then be closed to everybody else; empty: there is none.
Result<std::string> read_secret_file(const std::string& path, const std::string& credentials = {});

} // namespace gleaner
