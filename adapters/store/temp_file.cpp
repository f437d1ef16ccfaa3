#include "adapters/store/temp_file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace gleaner::store {

namespace {

constexpr std::string_view prefix = ".gleaner-";
constexpr std::string_view suffix = ".tmp"; // readers of the folder look for .json

/// Process ids mean something only within their namespace; containers may share a folder.
unsigned long long process_namespace() {
  struct stat found {};
  return ::stat("/proc/self/ns/pid", &found) == 0 ? found.st_ino : 0;
}

std::uint64_t first_number() {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof(number), 0) != static_cast<ssize_t>(sizeof(number)))
    number = 0; // O_EXCL finds out when it is taken
  return number;
}

/// Namespace and process tell later whether the writer still lives; the number makes the name
/// unique.
std::string temp_name() {
  static const auto space = process_namespace();
  static std::atomic<std::uint64_t> next_number{first_number()};
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%s%llu-%ld-%016llx%s", prefix.data(), space,
                static_cast<long>(::getpid()), static_cast<unsigned long long>(next_number++),
                suffix.data());
  return text.data();
}

} // namespace

TempFile::~TempFile() {
  if (!name_.empty())
    ::unlinkat(folder_, name_.c_str(), 0);
}

int TempFile::create(mode_t mode) {
  constexpr int most_tries = 8;
  for (int tries = 0; tries < most_tries; ++tries) {
    auto name = temp_name();
    fd_ = UniqueFd{calls_->open(folder_, name.c_str(), O_WRONLY | O_CREAT | O_EXCL, mode)};
    if (fd_) {
      name_ = std::move(name);
      return ::fchmod(fd_.get(), mode) == 0 ? 0 : errno; // whatever the umask
    }
    if (errno != EEXIST)
      return errno;
  }
  return EEXIST;
}

int TempFile::write(std::string_view text) {
  while (!text.empty()) {
    const auto written = calls_->write(fd_.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return written == 0 ? EIO : errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

int TempFile::sync() {
  const int outcome = calls_->sync(fd_.get()) == 0 ? 0 : errno;
  fd_.reset();
  return outcome;
}

int TempFile::rename_to(const std::string& name) {
  if (calls_->rename(folder_, name_.c_str(), name.c_str()) != 0)
    return errno;
  name_.clear();
  return 0;
}

bool writer_is_dead(std::string_view name) noexcept {
  unsigned long long space = 0;
  long process = 0;
  const std::string text{name.substr(std::min(prefix.size(), name.size()))};
  if (std::sscanf(text.c_str(), "%llu-%ld-", &space, &process) != 2 || process <= 0)
    return false;
  return space != 0 && space == process_namespace() &&
         ::kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH;
}

bool is_temp_name(std::string_view name) noexcept {
  return name.starts_with(prefix) && name.ends_with(suffix);
}

} // namespace gleaner::store
