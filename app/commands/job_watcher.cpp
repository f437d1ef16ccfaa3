#include "app/commands/job_watcher.hpp"

#include "app/client_redis.hpp"
#include "app/commands/job_json.hpp"
#include "app/signals.hpp"
#include "app/terminal.hpp"

#include <iostream>
#include <thread>
#include <vector>

namespace gleaner {

void JobWatcher::note_end(const bullmq::QueueEvent& event) {
  if (event.name != "completed" && event.name != "failed" && event.name != "removed")
    return;
  if (open_.erase(event.job_id) == 0 || event.name == "completed")
    return;
  if (event.name == "removed") {
    ++removed_;
    return;
  }
  ++failed_;
  const auto reason = event.fields.find("failedReason");
  std::cerr << (stderr_is_terminal() ? "\r\033[K" : "") << "job " << event.job_id
            << " failed: " << (reason == event.fields.end() ? "" : harmless(reason->second))
            << '\n';
}

void JobWatcher::look_at_states() {
  constexpr std::size_t most_at_once = 100;
  std::vector<bullmq::QueueEvent> ended;
  for (const auto& [id, is_new] : open_) {
    if (ended.size() >= most_at_once)
      break;
    const auto job = browser_.show(id);
    if (!job && job.error().code != Errc::not_found)
      return;
    if (!job) // a drain tells of no job; an end that removes it is told, but one of before can't be
              // seen
      ended.push_back({is_new ? "removed" : "completed", id, {}});
    else if (job->state == "completed" || job->state == "failed")
      ended.push_back({job->state, id, {{"failedReason", job->failed_reason}}});
    else
      break; // what is open is still at work
  }
  for (const auto& event : ended)
    note_end(event);
}

ExitCode JobWatcher::end_of(std::size_t total) const {
  if (removed_ > 0)
    std::cerr << "gleaner: " << jobs_in_words(removed_) << (removed_ == 1 ? " was" : " were")
              << " removed before the end\n";
  if (failed_ > 0)
    return ExitCode::failed;
  if (removed_ > 0)
    return removed_ == total ? ExitCode::not_found : ExitCode::partial;
  return ExitCode::ok;
}

ExitCode JobWatcher::wait(std::chrono::milliseconds timeout) {
  constexpr std::chrono::milliseconds turn{500};
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  const auto total = open_.size();
  ProgressLine line{total};
  while (!open_.empty()) {
    line.show(total - open_.size() - removed_, failed_);
    if (const int number = pending_signal(); number != 0) {
      line.finish();
      std::cerr << "gleaner: " << open_.size() << (open_.size() == 1 ? " job goes" : " jobs go")
                << " on without being waited for\n";
      return static_cast<ExitCode>(128 + number);
    }
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
    if (!events)
      std::this_thread::sleep_for(turn); // the client is on its way back
    else if (events->empty())
      look_at_states();
    for (const auto& event : events ? *events : std::vector<bullmq::QueueEvent>{})
      note_end(event);
  }
  line.show(total - removed_, failed_);
  line.finish();
  return end_of(total);
}

} // namespace gleaner
