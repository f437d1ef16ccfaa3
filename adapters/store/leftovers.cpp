#include "adapters/store/leftovers.hpp"

#include "adapters/store/temp_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <ctime>

namespace gleaner::store {

namespace {

/// Longer than any lock lives that is not renewed: whoever wrote it may not rename it any more.
constexpr std::chrono::seconds leftover_age = std::chrono::minutes{10};

} // namespace

std::size_t remove_leftovers(int folder, const std::vector<std::string>& names) {
  const auto newest = std::time(nullptr) - leftover_age.count();
  std::size_t removed = 0;
  for (const auto& name : names) {
    struct stat found {};
    if (is_temp_name(name) && ::fstatat(folder, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(found.st_mode) && (found.st_mtime < newest || writer_is_dead(name)) &&
        ::unlinkat(folder, name.c_str(), 0) == 0)
      ++removed;
  }
  return removed;
}

} // namespace gleaner::store
