#pragma once

namespace gleaner {

/// Keeps other programs out of this process's memory: no core dump, and no look through /proc or a
/// debugger but by root. First thing in main, before there is a secret.
void keep_memory_private() noexcept;

} // namespace gleaner
