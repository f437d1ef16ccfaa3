#include "adapters/redis/command_inbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <iterator>
#include <utility>

namespace gleaner::redis {

CommandInbox::CommandInbox() : wakeup_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

CommandInbox::~CommandInbox() {
  close(wakeup_);
}

void CommandInbox::wake() const {
  const std::uint64_t one = 1;
  (void)!write(wakeup_, &one, sizeof one);
}

void CommandInbox::clear_wakeup() const {
  std::uint64_t count = 0;
  (void)!read(wakeup_, &count, sizeof count);
}

void CommandInbox::put(Command command) {
  bool was_empty = false;
  {
    const std::lock_guard guard{mutex_};
    was_empty = contents_.commands.empty();
    contents_.commands.push_back(std::move(command));
  }
  if (was_empty)
    wake();
}

void CommandInbox::interrupt() {
  {
    const std::lock_guard guard{mutex_};
    contents_.interrupted = true;
    std::move(contents_.commands.begin(), contents_.commands.end(),
              std::back_inserter(contents_.cut_off));
    contents_.commands.clear();
  }
  wake();
}

void CommandInbox::stop() {
  {
    const std::lock_guard guard{mutex_};
    contents_.stopping = true;
  }
  wake();
}

CommandInbox::Contents CommandInbox::take() {
  const std::lock_guard guard{mutex_};
  Contents fresh;
  fresh.stopping = contents_.stopping;
  return std::exchange(contents_, std::move(fresh));
}

} // namespace gleaner::redis
