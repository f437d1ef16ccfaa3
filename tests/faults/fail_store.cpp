// Preloaded into gleaner: calls on one folder and the files in it fail by order, whichever thread
// makes them. (strace counts each thread by itself, and can't tell the folder's unnamed files from
// others.)
//   GLEANER_FAIL_FOLDER  the folder, as an absolute path without links
//   GLEANER_FAIL_ORDER   a file that may appear at any time: "<first> <times> <errno>"; it is taken
//   away
//                        and from then on calls are counted from 1, and those from first on fail
//   GLEANER_FAIL_REPORT  gets a line for each call since the last order: "<name>", or "<name>
//   failed"
#include <dlfcn.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>

// Not <fcntl.h>: it declares open() with an ellipsis.
constexpr int at_cwd = -100;
constexpr int write_create_append = 02101; // O_WRONLY | O_CREAT | O_APPEND

namespace {

/// The real one: what is replaced below must not call itself.
template <class... Arguments>
long call(long number, Arguments... arguments) {
  static const auto real = reinterpret_cast<long (*)(long, ...)>(::dlsym(RTLD_NEXT, "syscall"));
  return real(number, arguments...);
}

std::string setting(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

class Orders {
public:
  /// 0, or the errno with which this call has to fail.
  int next(const char* name) {
    const std::lock_guard guard{mutex_};
    take();
    if (!counting_)
      return 0;
    ++count_;
    const bool fails = count_ >= first_ && count_ < first_ + times_;
    report(std::string{name} + (fails ? " failed\n" : "\n"));
    return fails ? error_ : 0;
  }

  bool is_ours(const std::string& path) const { return !folder_.empty() && path == folder_; }
  /// The folder itself or a file in it.
  bool is_ours(int fd) const {
    if (folder_.empty())
      return false;
    std::array<char, 4096> path{};
    const auto link = "/proc/self/fd/" + std::to_string(fd);
    const auto length = call(SYS_readlinkat, at_cwd, link.c_str(), path.data(), path.size());
    const std::string found{path.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
    return found == folder_ || found.starts_with(folder_ + '/');
  }

private:
  void take() {
    std::array<char, 64> text{};
    const auto fd = call(SYS_openat, at_cwd, order_.c_str(), 0, 0);
    if (fd < 0)
      return;
    const auto length = call(SYS_read, fd, text.data(), text.size() - 1);
    call(SYS_close, fd);
    call(SYS_unlinkat, at_cwd, order_.c_str(), 0);
    count_ = 0;
    counting_ =
      length > 0 && std::sscanf(text.data(), "%ld %ld %d", &first_, &times_, &error_) == 3;
  }

  void report(const std::string& line) const {
    const auto fd = call(SYS_openat, at_cwd, report_.c_str(), write_create_append, 0600);
    call(SYS_write, fd, line.data(), line.size());
    call(SYS_close, fd);
  }

  const std::string folder_ = setting("GLEANER_FAIL_FOLDER");
  const std::string order_ = setting("GLEANER_FAIL_ORDER");
  const std::string report_ = setting("GLEANER_FAIL_REPORT");
  std::mutex mutex_;
  bool counting_ = false;
  long count_ = 0;
  long first_ = 0;
  long times_ = 0;
  int error_ = 0;
};

Orders& orders() {
  static Orders orders;
  return orders;
}

/// The call, or its failure when it is one of ours and its turn.
template <class... Arguments>
long unless_ordered(bool ours, const char* name, long number, Arguments... arguments) {
  const int error = ours ? orders().next(name) : 0;
  if (error == 0)
    return call(number, arguments...);
  errno = error;
  return -1;
}

} // namespace

extern "C" {

int open(const char* path, int flags, mode_t mode) {
  return static_cast<int>(unless_ordered(orders().is_ours(std::string{path}), "open", SYS_openat,
                                         at_cwd, path, flags, mode));
}
int openat(int folder, const char* path, int flags, mode_t mode) {
  return static_cast<int>(
    unless_ordered(orders().is_ours(folder), "create", SYS_openat, folder, path, flags, mode));
}
ssize_t write(int fd, const void* data, std::size_t size) {
  return unless_ordered(orders().is_ours(fd), "write", SYS_write, fd, data, size);
}
int fchmod(int fd, mode_t mode) noexcept {
  return static_cast<int>(unless_ordered(orders().is_ours(fd), "fchmod", SYS_fchmod, fd, mode));
}
int fsync(int fd) {
  return static_cast<int>(unless_ordered(orders().is_ours(fd), "fsync", SYS_fsync, fd));
}
int renameat(int folder, const char* from, int other, const char* to) noexcept {
  return static_cast<int>(
    unless_ordered(orders().is_ours(folder), "rename", SYS_renameat2, folder, from, other, to, 0));
}

/// openat2 has no function of its own.
long syscall(long number, ...) noexcept {
  std::array<long, 6> arguments{};
  va_list list;
  va_start(list, number);
  for (auto& argument : arguments)
    argument = va_arg(list, long);
  va_end(list);
  const auto [a, b, c, d, e, f] = arguments;
  const bool ours = number == SYS_openat2 && orders().is_ours(static_cast<int>(a));
  return unless_ordered(ours, "create", number, a, b, c, d, e, f);
}

} // extern "C"
