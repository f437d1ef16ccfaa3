#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace gleaner {

/// A reader that has gone shows as a failed write, not as the end of the process.
void ignore_broken_pipes();

/// Keeps SIGTERM and SIGINT from ending the calling thread and all threads that it starts from now
/// on, so that SignalThread or pending_signal() can take them. Before any thread is started.
void block_signals();

/// Lets them end the calling thread's process again; threads started in between stay as they are.
void unblock_signals();

/// SIGINT or SIGTERM has arrived since: its number, or 0. @pre block_signals()
int pending_signal();

/// Waits for SIGTERM or SIGINT on a thread of its own: the first one calls `first` (on that
/// thread), the second ends the process at once with 128 + its number.
class SignalThread {
public:
  explicit SignalThread(std::function<void(int signal)> first);
  ~SignalThread();

private:
  int next_signal() const;

  std::atomic<bool> ending_{false};
  std::thread thread_;
};

} // namespace gleaner
