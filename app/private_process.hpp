#pragma once

namespace gleaner {

/// Keeps other programs out of this process's memory: no core dump, and no look through /proc or a
/// debugger but by root. First thing in main, before there is a secret.
void keep_memory_private() noexcept;

/// A standard stream that the caller has closed leads to /dev/null: the first file that is opened
/// would take its number otherwise, and get what is written to the stream. First thing in main.
void occupy_standard_streams() noexcept;

/// What this process and its children make is closed to others, whatever the caller's umask. A mode
/// that is a setting is set on the file itself.
void keep_files_private() noexcept;

} // namespace gleaner
