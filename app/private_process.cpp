#include "app/private_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gleaner {

void keep_memory_private() noexcept {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none); // where dumps go to a program the limit alone is not heeded
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void occupy_standard_streams() noexcept {
  int fd = -1;
  do
    fd = open("/dev/null", O_RDWR); // the lowest number that is free
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0)
    close(fd);
}

void keep_files_private() noexcept {
  umask(077);
}

} // namespace gleaner
