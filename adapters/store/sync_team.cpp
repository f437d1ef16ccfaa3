#include "adapters/store/sync_team.hpp"

#include <system_error>

namespace gleaner::store {

namespace {

/// For fewer it is not worth waking anybody.
constexpr std::size_t smallest_group = 4;
/// Besides the caller; more gain nothing (`./run bench work`, on ext4).
constexpr std::size_t most_helpers = 7;

} // namespace

SyncTeam::~SyncTeam() {
  {
    const std::lock_guard guard{mutex_};
    ending_ = true;
  }
  work_came_.notify_all();
  for (auto& helper : helpers_)
    helper.join();
}

void SyncTeam::run(std::size_t count, const std::function<void(std::size_t)>& sync) {
  if (count < smallest_group) {
    for (std::size_t i = 0; i < count; ++i)
      sync(i);
    return;
  }
  if (helpers_.empty())
    make_helpers();
  std::unique_lock lock{mutex_};
  sync_ = &sync;
  next_ = 0;
  count_ = unfinished_ = count;
  work_came_.notify_all();
  work_off(lock);
  all_done_.wait(lock, [this] { return unfinished_ == 0; });
}

void SyncTeam::make_helpers() {
  try {
    while (helpers_.size() < most_helpers)
      helpers_.emplace_back([this] { help(); });
  } catch (const std::system_error&) { // a limit of threads: those that there are will do
  }
}

void SyncTeam::help() {
  std::unique_lock lock{mutex_};
  while (!ending_) {
    work_off(lock);
    work_came_.wait(lock, [this] { return ending_ || next_ < count_; });
  }
}

void SyncTeam::work_off(std::unique_lock<std::mutex>& lock) {
  while (next_ < count_) {
    const auto number = next_++;
    lock.unlock();
    (*sync_)(number);
    lock.lock();
    if (--unfinished_ == 0)
      all_done_.notify_one();
  }
}

} // namespace gleaner::store
