#pragma once

#include "adapters/store/open_below.hpp"

#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <functional>

namespace gleaner::store {

/// The system calls by which a file becomes durable, so that tests can let each of them fail.
struct FileCalls {
  std::function<int(int folder, const char* name, int flags, mode_t mode)> open = open_below;
  std::function<ssize_t(int fd, const void* bytes, std::size_t size)> write = ::write;
  std::function<int(int fd)> sync = ::fsync;
  std::function<int(int folder, const char* from, const char* to)> rename =
    [](int folder, const char* from, const char* to) {
      return ::renameat(folder, from, folder, to);
    };
};

} // namespace gleaner::store
