#include "app/commands/new_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace gleaner {

Status write_new_file(const std::string& path, const std::string& text, FileReaders readers) {
  const auto failed = [&path](int number) {
    return Error{Errc::store_unwritable,
                 path + ": " + std::strerror(number) +
                   (number == EEXIST ? "; it stays as it is: choose another "
                                       "name or folder"
                                     : "")};
  };
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0)
    return failed(errno);
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       (readers == FileReaders::owner || fchmod(file, 0644) == 0) &&
                       fsync(file) == 0;
  const int number = errno;
  close(file);
  if (written)
    return Done{};
  unlink(path.c_str());
  return failed(number);
}

} // namespace gleaner
