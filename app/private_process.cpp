#include "app/private_process.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace gleaner {

void keep_memory_private() noexcept {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none); // where dumps go to a program the limit alone is not heeded
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void keep_files_private() noexcept {
  umask(077);
}

} // namespace gleaner
