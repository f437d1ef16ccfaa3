#pragma once

#include <atomic>
#include <cstdint>

namespace gleaner {

/// As long as it lives, SIGINT and SIGTERM still end the process, but not before it has said on
/// stderr from which line on a file is to be queued again. One at a time.
class ResumeHint {
public:
  /// `line` outlives the hint.
  explicit ResumeHint(const std::atomic<std::uint64_t>& line);
  ~ResumeHint();
  ResumeHint(const ResumeHint&) = delete;
  ResumeHint& operator=(const ResumeHint&) = delete;
};

} // namespace gleaner
