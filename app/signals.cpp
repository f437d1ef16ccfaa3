#include "app/signals.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <utility>

namespace gleaner {

namespace {

/// Wakes the waiting thread, so that it can end; means nothing when somebody else sends it.
constexpr int end_signal = SIGUSR2;

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, end_signal})
    sigaddset(&set, number);
  return set;
}

} // namespace

void block_signals() {
  const auto set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void unblock_signals() {
  const auto set = watched();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void ignore_broken_pipes() {
  signal(SIGPIPE, SIG_IGN);
}

int pending_signal() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  const timespec at_once{};
  const int number = sigtimedwait(&set, nullptr, &at_once);
  return number > 0 ? number : 0;
}

SignalThread::SignalThread(std::function<void(int)> first)
    : thread_([this, first = std::move(first)] {
        const int number = next_signal();
        if (number == end_signal)
          return;
        first(number);
        if (const int again = next_signal(); again != end_signal)
          _exit(128 + again);
      }) {}

int SignalThread::next_signal() const {
  const auto set = watched();
  int number = end_signal;
  while (number == end_signal && !ending_)
    sigwait(&set, &number);
  return number;
}

SignalThread::~SignalThread() {
  ending_ = true;
  pthread_kill(thread_.native_handle(), end_signal);
  thread_.join();
}

} // namespace gleaner
