#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace gleaner {

/// Writes lines to a descriptor whose reader may be slow, stuck or gone, without ever holding up
/// the writer for long: a line waits for room 100 ms at most, and once one has waited in vain the
/// next ones do not wait at all. Lines without room are dropped and counted; the first one that
/// fits again follows a line that says how many were lost. Thread-safe.
class LineSink {
public:
  /// `notice` makes the line that tells of so many lost ones. `fd` stays the caller's, and
  /// blocking: its flags are shared with other processes.
  LineSink(int fd, std::function<std::string(std::uint64_t)> notice);

  /// `line` is without its end.
  void write(std::string_view line);
  /// Lines lost since the start.
  std::uint64_t lost() const noexcept { return lost_; }

private:
  bool has_room();
  bool put(std::string_view line);
  void count_loss();

  int fd_;
  std::function<std::string(std::uint64_t)> notice_;
  std::mutex mutex_;
  std::uint64_t dropped_ = 0; ///< Of these no reader knows yet.
  std::atomic<std::uint64_t> lost_{0};
  bool stuck_ = false; ///< The last wait was in vain.
  bool torn_ = false;  ///< The last line was cut in the middle.
};

} // namespace gleaner
