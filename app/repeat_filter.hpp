#pragma once

#include "core/log.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gleaner {

/// Keeps events that repeat themselves from filling a log: of one code and message so many are
/// shown within a minute, and the others are counted. Events of jobs (codes that begin with "job.")
/// are all shown: each is about another one. Thread-safe.
class RepeatFilter {
public:
  using Time = std::chrono::steady_clock::time_point;

  /// `most` in a minute; 0: all are shown.
  explicit RepeatFilter(std::uint32_t most) : most_(most) {}

  /// Whether it is to be shown.
  bool admits(LogLevel level, std::string_view code, std::string_view message, Time now);

  struct Repeated {
    LogLevel level;
    std::string code;
    std::string message;
    std::uint64_t times; ///< That were not shown.
  };
  /// Whose minute was over at `now`, each once. Time::max(): all.
  std::vector<Repeated> due(Time now);

private:
  struct Minute {
    LogLevel level;
    Time ends;
    std::uint64_t shown = 0;
    std::uint64_t held_back = 0;
  };
  std::uint32_t most_;
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Minute> minutes_; ///< By code and message.
  Time first_end_ = Time::max();
};

} // namespace gleaner
