#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace gleaner::store {

/// Threads that sync the files of a group side by side: a disk, and a journal's commit, then serve
/// several at a time. Made when the first group needs them, and asleep between groups.
class SyncTeam {
public:
  SyncTeam() = default;
  SyncTeam(const SyncTeam&) = delete;
  SyncTeam& operator=(const SyncTeam&) = delete;
  ~SyncTeam();

  /// Calls `sync` once with each number below `count`, and returns when all calls have. Few are
  /// made one after the other by the caller; the calls of more come from several threads, in no
  /// order. Where no threads can be made, the caller's does it all.
  /// @pre one run at a time; `sync` does not throw
  void run(std::size_t count, const std::function<void(std::size_t)>& sync);

private:
  void make_helpers();
  void help();
  void work_off(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_; ///< Guards all below but the threads.
  std::condition_variable work_came_;
  std::condition_variable all_done_;
  const std::function<void(std::size_t)>* sync_ = nullptr;
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  std::size_t unfinished_ = 0;
  bool ending_ = false;
  std::vector<std::thread> helpers_;
};

} // namespace gleaner::store
