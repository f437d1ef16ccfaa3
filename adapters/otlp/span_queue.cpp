#include "adapters/otlp/span_queue.hpp"

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

namespace gleaner::otlp {

bool SpanQueue::push(Span span) noexcept {
  bool full_batch = false;
  try {
    const std::lock_guard guard{mutex_};
    if (closed_ || spans_.size() >= most_)
      return false;
    spans_.push_back(std::move(span));
    full_batch = spans_.size() == batch_;
  } catch (const std::bad_alloc&) {
    return false;
  }
  if (full_batch)
    changed_.notify_all();
  return true;
}

std::vector<Span> SpanQueue::take(std::chrono::milliseconds delay) {
  std::unique_lock lock{mutex_};
  static_cast<void>(
    changed_.wait_for(lock, delay, [this] { return closed_ || spans_.size() >= batch_; }));
  const auto end = spans_.begin() + static_cast<std::ptrdiff_t>(std::min(batch_, spans_.size()));
  std::vector<Span> batch{std::move_iterator{spans_.begin()}, std::move_iterator{end}};
  spans_.erase(spans_.begin(), end);
  return batch;
}

void SpanQueue::close() {
  {
    const std::lock_guard guard{mutex_};
    closed_ = true;
  }
  changed_.notify_all();
}

bool SpanQueue::closed() const {
  const std::lock_guard guard{mutex_};
  return closed_;
}

void SpanQueue::wait(std::chrono::milliseconds duration) {
  std::unique_lock lock{mutex_};
  static_cast<void>(changed_.wait_for(lock, duration, [this] { return closed_; }));
}

} // namespace gleaner::otlp
