#pragma once

#include <sys/types.h>

namespace gleaner::store {

/// Opens an entry of a folder, and nothing that lies elsewhere: a name with a path in it is refused
/// (EXDEV), and so is a symbolic link (ELOOP). A file descriptor, or -1 and errno.
/// @pre `flags` with O_CREAT come with a mode, others with 0
int open_below(int folder, const char* name, int flags, mode_t mode) noexcept;

} // namespace gleaner::store
