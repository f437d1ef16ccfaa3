#pragma once

namespace gleaner {

/// Keeps other programs out of this process's memory: no core dump, and no look through /proc or a
/// debugger but by root. First thing in main, before there is a secret.
void keep_memory_private() noexcept;

/// What this process and its children make is closed to others, whatever the caller's umask. A mode
/// that is a setting is set on the file itself.
void keep_files_private() noexcept;

} // namespace gleaner
