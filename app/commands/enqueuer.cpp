#include "app/commands/enqueuer.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>
#include <utility>

namespace gleaner {

namespace {

constexpr std::uint64_t largest_chunk = 1000;

/// Small beside a limit, for a chunk goes in only as a whole.
std::uint64_t chunk_for(std::uint64_t most_waiting) {
  return most_waiting == 0 ? largest_chunk
                           : std::clamp<std::uint64_t>(most_waiting / 10, 1, largest_chunk);
}

} // namespace

Enqueuer::Enqueuer(bullmq::QueueProducer& producer, bullmq::JobBrowser& browser,
                   bullmq::AddOptions options, Limits limits,
                   std::function<void(const bullmq::AddedJob&)> on_added)
    : producer_(producer), browser_(browser), options_(options), limits_(limits),
      on_added_(std::move(on_added)), chunk_size_(chunk_for(limits.most_waiting)),
      next_line_(limits.first_line) {}

void Enqueuer::take(std::string domain, std::uint64_t line) {
  if (failure_)
    return;
  gathered_.domains.push_back(std::move(domain));
  gathered_.last_line = line;
  if (gathered_.domains.size() >= chunk_size_)
    send();
}

void Enqueuer::finish() {
  send();
  settle();
}

void Enqueuer::send() {
  settle();
  if (gathered_.domains.empty() || failure_ || !await_room())
    return;
  sent_ = std::exchange(gathered_, Chunk{});
  under_way_ =
    std::async(std::launch::async, [this] { return producer_.add(sent_.domains, options_); });
}

void Enqueuer::settle() {
  if (!under_way_.valid())
    return;
  const auto jobs = under_way_.get();
  if (!jobs) {
    failure_ = jobs.error();
    return;
  }
  for (const auto& job : *jobs) {
    ++(job.is_new ? queued_ : existing_);
    on_added_(job);
  }
  next_line_ = sent_.last_line + 1;
}

bool Enqueuer::await_room() {
  while (limits_.most_waiting > 0) {
    const auto counts = browser_.counts();
    if (!counts) {
      failure_ = counts.error();
      return false;
    }
    const auto waiting = counts->waiting + counts->prioritized + counts->delayed;
    if (waiting + gathered_.domains.size() <= limits_.most_waiting)
      break;
    if (!std::exchange(told_of_wait_, true))
      std::cerr << "gleaner: " << waiting << " jobs wait; going on as they start\n";
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
  }
  return true;
}

} // namespace gleaner
