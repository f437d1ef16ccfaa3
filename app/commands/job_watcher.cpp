#include "app/commands/job_watcher.hpp"

#include "app/client_redis.hpp"
#include "app/terminal.hpp"

#include <signal.h>

#include <iostream>

namespace gleaner {

int pending_signal() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  const timespec at_once{};
  const int number = sigtimedwait(&set, nullptr, &at_once);
  return number > 0 ? number : 0;
}

void JobWatcher::note_end(const bullmq::QueueEvent& event) {
  if (event.name != "completed" && event.name != "failed")
    return;
  if (open_.erase(event.job_id) == 0 || event.name == "completed")
    return;
  ++failed_;
  const auto reason = event.fields.find("failedReason");
  std::cerr << (stderr_is_terminal() ? "\r\033[K" : "") << "job " << event.job_id
            << " failed: " << (reason == event.fields.end() ? "" : harmless(reason->second))
            << '\n';
}

ExitCode JobWatcher::wait(std::chrono::milliseconds timeout) {
  constexpr std::chrono::milliseconds turn{500};
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  const auto total = open_.size();
  ProgressLine line{total};
  while (!open_.empty()) {
    line.show(total - open_.size(), failed_);
    if (const int number = pending_signal(); number != 0)
      _exit(128 + number);
    if (std::chrono::steady_clock::now() >= deadline) {
      line.finish();
      std::cerr << "gleaner: " << open_.size() << " jobs have not ended in time\n";
      return ExitCode::timed_out;
    }
    const auto events = events_.next(turn);
    if (!events && events.error().code != Errc::redis_unavailable) {
      line.finish();
      return static_cast<ExitCode>(report_failure(events.error()));
    }
    for (const auto& event : events ? *events : std::vector<bullmq::QueueEvent>{})
      note_end(event);
  }
  line.show(total, failed_);
  line.finish();
  return failed_ > 0 ? ExitCode::failed : ExitCode::ok;
}

} // namespace gleaner
