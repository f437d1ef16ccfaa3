#include "app/line_sink.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace gleaner {

namespace {

constexpr int patience_ms = 100;
/// What a pipe that poll() calls writable takes without blocking (PIPE_BUF on Linux).
constexpr std::size_t piece_size = 4096;

} // namespace

LineSink::LineSink(int fd, std::function<std::string(std::uint64_t)> notice)
    : fd_(fd), notice_(std::move(notice)) {}

bool LineSink::has_room() {
  pollfd wanted{fd_, POLLOUT, 0};
  int ready = 0;
  do
    ready = poll(&wanted, 1, stuck_ ? 0 : patience_ms);
  while (ready < 0 && errno == EINTR);
  stuck_ = ready != 1 || (wanted.revents & POLLOUT) == 0 ||
           (wanted.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
  return !stuck_;
}

bool LineSink::put(std::string_view line) {
  std::string text{torn_ ? "\n" : ""};
  text.append(line).append("\n");
  std::string_view rest = text;
  while (!rest.empty()) {
    if (!has_room())
      break;
    const auto written = ::write(fd_, rest.data(), std::min(rest.size(), piece_size));
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0) {
      stuck_ = true; // a full disk, a closed pipe: not worth waiting for
      break;
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (rest.size() < text.size())
    torn_ = !rest.empty();
  return rest.empty();
}

void LineSink::count_loss() {
  ++dropped_;
  ++lost_;
}

void LineSink::write(std::string_view line) {
  const std::lock_guard guard{mutex_};
  if (dropped_ > 0) {
    if (!put(notice_(dropped_)))
      return count_loss();
    dropped_ = 0;
  }
  if (!put(line))
    count_loss();
}

} // namespace gleaner
