#pragma once

#include "adapters/redis/redis_client.hpp"

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

namespace gleaner::redis {

struct Command {
  std::vector<std::string> args;
  RedisReply reply;
  std::chrono::steady_clock::time_point deadline;
  std::chrono::milliseconds patience{}; ///< From submit() to the deadline.
};

/// What callers of any thread have for the client's thread, which sleeps on descriptor().
class CommandInbox {
public:
  CommandInbox();
  ~CommandInbox();
  CommandInbox(const CommandInbox&) = delete;
  CommandInbox& operator=(const CommandInbox&) = delete;

  /// Wakes the thread only when the inbox was empty: one wake-up per batch.
  void put(Command command);
  void interrupt();
  void stop();

  struct Contents {
    std::vector<Command> commands; ///< To be sent.
    std::vector<Command> cut_off;  ///< Put in before an interrupt: to be answered as cut off.
    bool interrupted = false;
    bool stopping = false;
  };
  /// Empties the inbox.
  Contents take();

  int descriptor() const noexcept { return wakeup_; }
  void clear_wakeup() const;

private:
  void wake() const;

  int wakeup_;
  std::mutex mutex_;
  Contents contents_;
};

} // namespace gleaner::redis
