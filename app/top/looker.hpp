#pragma once

#include "app/top/reader.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace gleaner::top {

/// Looks again and again on a thread of its own, so that keys count while Redis is silent.
class Looker {
public:
  /// What was seen so far.
  struct Seen {
    std::optional<Figures> figures;  ///< The last that could be had.
    std::optional<std::string> lost; ///< Why the last look had none.
    std::uint64_t looks = 0;
  };

  /// The arguments outlive it; nobody else uses them meanwhile. `first`: what has been seen
  /// already.
  Looker(redis::RedisClient& client, Reader& reader, Figures first,
         std::chrono::milliseconds interval);
  /// Does not wait for a Redis that is silent, but for a connection that is being made.
  ~Looker();

  Seen seen() const;

  /// Whether it stands still.
  void pause(bool paused);

private:
  void run();
  bool wait();

  redis::RedisClient& client_;
  Reader& reader_;
  std::chrono::milliseconds interval_;
  mutable std::mutex mutex_; ///< Guards the next three.
  Seen seen_;
  bool paused_ = false;
  bool ending_ = false;
  std::condition_variable changed_;
  std::thread thread_;
};

} // namespace gleaner::top
