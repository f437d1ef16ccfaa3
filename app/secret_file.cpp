#include "app/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

namespace gleaner {

namespace {

constexpr std::size_t largest_secret_file = 64u << 10;

Error refused(std::string why) {
  return {Errc::usage, std::move(why)};
}

/// Looks at the open file, not at the name: that could be another file by the time it is opened.
std::optional<Error> objection(int file, bool is_credential) {
  struct stat info {};
  if (fstat(file, &info) != 0)
    return refused(std::strerror(errno));
  if (!S_ISREG(info.st_mode))
    return refused("not a file");
  if (is_credential)
    return std::nullopt;
  if (info.st_uid != geteuid())
    return refused("owned by another user; make it yours");
  if ((info.st_mode & 077) != 0)
    return refused("readable by others; chmod 600 it");
  return std::nullopt;
}

/// Nobody but root, us and whom an ACL names can read it, and only root or we can change it.
bool is_guarded(int file) {
  struct stat info {};
  return fstat(file, &info) == 0 && (info.st_uid == 0 || info.st_uid == geteuid()) &&
         (info.st_mode & 027) == 0;
}

// Not blocking: the name could be a pipe that nobody writes to.
constexpr int reading = O_RDONLY | O_CLOEXEC | O_NONBLOCK;

/// The file when it lies in that folder itself and systemd guards both, else -1. A link there is
/// none of its credentials, nor is what a path with `..` leads to.
int open_credential(const std::string& path, const std::string& folder) {
  const std::filesystem::path file{path};
  if (folder.empty() || file.parent_path() != std::filesystem::path{folder})
    return -1;
  const auto name = file.filename().string();
  const int guard = open(folder.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (guard < 0)
    return -1;
  int found = is_guarded(guard) ? openat(guard, name.c_str(), reading | O_NOFOLLOW) : -1;
  close(guard);
  if (found >= 0 && !is_guarded(found)) {
    close(found);
    found = -1;
  }
  return found;
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

Result<std::string> read_secret_file(const std::string& path, const std::string& credentials) {
  const int credential = open_credential(path, credentials);
  const int file = credential >= 0 ? credential : open(path.c_str(), reading);
  if (file < 0)
    return refused(std::strerror(errno));
  const auto no = objection(file, credential >= 0);
  auto text = no ? Result<std::string>{*no} : read_text(file);
  close(file);
  return text;
}

} // namespace gleaner
