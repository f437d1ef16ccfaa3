#pragma once

#include "core/span.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

namespace gleaner::otlp {

/// Spans that wait for the exporter, at most so many. Thread-safe.
class SpanQueue {
public:
  SpanQueue(std::size_t most, std::size_t batch) : most_(most), batch_(batch) {}

  /// False when the span is lost: there is no room, or the queue is closed. Never waits.
  bool push(Span span) noexcept;

  /// Up to a batch, as soon as there is one, or what there is when `delay` is over or the queue is
  /// closed.
  std::vector<Span> take(std::chrono::milliseconds delay);

  /// What is in it can still be taken.
  void close();
  bool closed() const;

  /// Waits for so long, or until the queue is closed.
  void wait(std::chrono::milliseconds duration);

private:
  const std::size_t most_, batch_;
  mutable std::mutex mutex_;
  std::condition_variable changed_; ///< A batch is full, or the queue is closed.
  std::deque<Span> spans_;
  bool closed_ = false;
};

} // namespace gleaner::otlp
