// Preloaded into gleaner: ends the process with SIGKILL at its Nth call that leaves a trace outside
// of it, counted over all threads. (strace counts each thread by itself and so misses most points.)
//   GLEANER_KILL_AT      N; 0 or nothing: only count
//   GLEANER_KILL_HALFWAY 1: carry the Nth call out first, if it moves data only half of it
//   GLEANER_KILL_REPORT  needed: file that gets the name of each call, one a line, before it is
//   made
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

// Not <fcntl.h>: it declares open() with an ellipsis.
constexpr int at_cwd = -100;
constexpr int write_create_append = 02101; // O_WRONLY | O_CREAT | O_APPEND

namespace {

struct Order {
  long at = 0; ///< 0: never.
  bool halfway = false;
  long report = -1; ///< File descriptor.
};

std::atomic<long> calls{0};

const char* setting(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Order read_order() {
  Order order;
  // Also preloaded into what starts gleaner; that is not to be counted.
  if (std::string_view{program_invocation_short_name} != "gleaner")
    return order;
  order.at = std::atol(setting("GLEANER_KILL_AT"));
  order.halfway = std::string_view{setting("GLEANER_KILL_HALFWAY")} == "1";
  if (const char* const path = setting("GLEANER_KILL_REPORT"); *path != '\0')
    order.report = ::syscall(SYS_openat, at_cwd, path, write_create_append, 0600);
  return order;
}

const Order& order() {
  static const Order read = read_order();
  return read;
}

[[noreturn]] void die() {
  ::syscall(SYS_kill, ::getpid(), SIGKILL);
  for (;;)
    ::pause();
}

/// Counts a call; true when it is the last and to be carried out halfway.
bool is_last(std::string_view name) {
  if (order().report < 0)
    return false;
  ::syscall(SYS_write, order().report, name.data(), name.size());
  if (++calls != order().at)
    return false;
  if (!order().halfway)
    die();
  return true;
}

/// A call that is made as a whole or not at all.
template <class... Arguments>
long whole(std::string_view name, long number, Arguments... arguments) {
  const bool last = is_last(name);
  const long result = ::syscall(number, arguments...);
  if (last)
    die();
  return result;
}

/// A call that moves `size` bytes.
template <class... Arguments>
ssize_t moving(std::string_view name, long number, int fd, const void* data, std::size_t size,
               Arguments... arguments) {
  const bool last = is_last(name);
  const long result = ::syscall(number, fd, data, last ? size / 2 : size, arguments...);
  if (last)
    die();
  return result;
}

} // namespace

extern "C" {

int open(const char* path, int flags, mode_t mode) {
  return static_cast<int>(whole("open\n", SYS_openat, at_cwd, path, flags, mode));
}
int openat(int folder, const char* path, int flags, mode_t mode) {
  return static_cast<int>(whole("open\n", SYS_openat, folder, path, flags, mode));
}
int close(int fd) {
  return static_cast<int>(whole("close\n", SYS_close, fd));
}
ssize_t write(int fd, const void* data, std::size_t size) {
  return moving("write\n", SYS_write, fd, data, size);
}
ssize_t pwrite(int fd, const void* data, std::size_t size, off_t offset) {
  return moving("write\n", SYS_pwrite64, fd, data, size, offset);
}
ssize_t writev(int fd, const iovec* parts, int count) {
  return whole("write\n", SYS_writev, fd, parts, count);
}
ssize_t send(int fd, const void* data, std::size_t size, int flags) {
  return moving("send\n", SYS_sendto, fd, data, size, flags, nullptr, 0);
}
ssize_t sendto(int fd, const void* data, std::size_t size, int flags, const sockaddr* to,
               socklen_t length) {
  return moving("send\n", SYS_sendto, fd, data, size, flags, to, length);
}
ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  return whole("send\n", SYS_sendmsg, fd, message, flags);
}
int fsync(int fd) {
  return static_cast<int>(whole("fsync\n", SYS_fsync, fd));
}
int fdatasync(int fd) {
  return static_cast<int>(whole("fsync\n", SYS_fdatasync, fd));
}
int rename(const char* from, const char* to) noexcept {
  return static_cast<int>(whole("rename\n", SYS_renameat2, at_cwd, from, at_cwd, to, 0));
}
int renameat(int folder, const char* from, int other, const char* to) noexcept {
  return static_cast<int>(whole("rename\n", SYS_renameat2, folder, from, other, to, 0));
}
int unlinkat(int folder, const char* path, int flags) noexcept {
  return static_cast<int>(whole("unlink\n", SYS_unlinkat, folder, path, flags));
}
int ftruncate(int fd, off_t size) noexcept {
  return static_cast<int>(whole("truncate\n", SYS_ftruncate, fd, size));
}
int mkdir(const char* path, mode_t mode) noexcept {
  return static_cast<int>(whole("mkdir\n", SYS_mkdirat, at_cwd, path, mode));
}

} // extern "C"
