#include "app/top/looker.hpp"

#include <utility>

namespace gleaner::top {

Looker::Looker(redis::RedisClient& client, Reader& reader, Figures first,
               std::chrono::milliseconds interval)
    : client_(client), reader_(reader), interval_(interval) {
  seen_.figures = std::move(first);
  thread_ = std::thread{[this] { run(); }};
}

Looker::~Looker() {
  {
    const std::lock_guard guard{mutex_};
    ending_ = true;
  }
  changed_.notify_all();
  client_.interrupt();
  thread_.join();
}

Looker::Seen Looker::seen() const {
  const std::lock_guard guard{mutex_};
  return seen_;
}

void Looker::pause(bool paused) {
  const std::lock_guard guard{mutex_};
  paused_ = paused;
  changed_.notify_all();
}

/// Until the next look is due; false when there is to be none.
bool Looker::wait() {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, interval_, [this] { return ending_; });
  changed_.wait(lock, [this] { return ending_ || !paused_; });
  return !ending_;
}

void Looker::run() {
  while (wait()) {
    auto figures = reader_.look();
    const std::lock_guard guard{mutex_};
    ++seen_.looks;
    if (figures)
      seen_.figures = std::move(*figures);
    seen_.lost = figures ? std::nullopt : std::optional{describe(figures.error())};
  }
}

} // namespace gleaner::top
