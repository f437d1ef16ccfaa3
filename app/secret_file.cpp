#include "app/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace gleaner {

namespace {

constexpr std::size_t largest_secret_file = 64u << 10;

Error refused(std::string why) {
  return {Errc::usage, std::move(why)};
}

/// Looks at the open file, not at the name: that could be another file by the time it is opened.
std::optional<Error> objection(int file) {
  struct stat info {};
  if (fstat(file, &info) != 0)
    return refused(std::strerror(errno));
  if (!S_ISREG(info.st_mode))
    return refused("not a file");
  if (info.st_uid != geteuid())
    return refused("owned by another user; make it yours");
  if ((info.st_mode & 077) != 0)
    return refused("readable by others; chmod 600 it");
  return std::nullopt;
}

Result<std::string> read_text(int file) {
  std::string text(largest_secret_file + 1, '\0');
  std::size_t length = 0;
  while (length < text.size()) {
    const auto got = read(file, text.data() + length, text.size() - length);
    if (got < 0 && errno != EINTR)
      return refused(std::strerror(errno));
    if (got == 0)
      break;
    length += got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  if (length > largest_secret_file)
    return refused("larger than 64 KiB: not a secret");
  text.resize(length);
  text.erase(text.find_last_not_of(" \r\n\t") + 1);
  if (text.empty())
    return refused("empty");
  return text;
}

} // namespace

Result<std::string> read_secret_file(const std::string& path) {
  // Not blocking: the name could be a pipe that nobody writes to.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return refused(std::strerror(errno));
  const auto no = objection(file);
  auto text = no ? Result<std::string>{*no} : read_text(file);
  close(file);
  return text;
}

} // namespace gleaner
