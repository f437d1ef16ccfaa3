#pragma once

#include <functional>
#include <thread>

namespace gleaner {

/// Blocks SIGTERM and SIGINT for the calling thread and all threads that it starts; SIGPIPE is
/// ignored. First thing in a program that uses SignalThread.
void block_signals();

/// Waits for SIGTERM or SIGINT on a thread of its own: the first one calls `first` (on that
/// thread), the second ends the process at once with 128 + its number.
class SignalThread {
public:
  explicit SignalThread(std::function<void(int signal)> first);
  ~SignalThread();

private:
  std::thread thread_;
};

} // namespace gleaner
