#include "adapters/store/open_below.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace gleaner::store {

namespace {

/// Without openat2: what it refuses is refused by name.
int open_plainly(int folder, const char* name, int flags, mode_t mode) noexcept {
  if (std::strchr(name, '/') != nullptr || std::strcmp(name, "..") == 0) {
    errno = EXDEV;
    return -1;
  }
  return ::openat(folder, name, flags, mode);
}

} // namespace

int open_below(int folder, const char* name, int flags, mode_t mode) noexcept {
  flags |= O_NOFOLLOW | O_CLOEXEC;
  if (std::strchr(name, '/') == nullptr) {
    struct open_how how {};
    how.flags = static_cast<std::uint64_t>(flags);
    how.mode = mode;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    const long fd = ::syscall(SYS_openat2, folder, name, &how, sizeof(how));
    // A kernel before 5.6 has no such call, and filters of system calls refuse what they don't
    // know.
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
      return static_cast<int>(fd);
  }
  return open_plainly(folder, name, flags, mode);
}

} // namespace gleaner::store
