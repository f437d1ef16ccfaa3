#include "adapters/embedded/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace gleaner::embedded {

Result<FileLock> FileLock::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0)
    return Error{Errc::store_unwritable, "cannot open " + path + ": " + std::strerror(errno) +
                                           "; choose another state_folder"};
  return FileLock{descriptor};
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0)
    close(descriptor_); // not LOCK_UN: that would unlock it for those who share it, too
}

bool FileLock::try_lock() {
  return flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
}

void FileLock::write(const std::string& text) {
  // For people only, so a full disk is no reason to fail.
  if (ftruncate(descriptor_, 0) == 0 && pwrite(descriptor_, text.data(), text.size(), 0) < 0)
    return;
}

std::string FileLock::read() const {
  char text[32];
  const auto length = pread(descriptor_, text, sizeof text, 0);
  return {text, length > 0 ? static_cast<std::size_t>(length) : 0};
}

} // namespace gleaner::embedded
