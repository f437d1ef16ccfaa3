#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace gleaner {

/// Keeps as many workers as the load needs, between a minimum and a maximum. It decides; making and
/// ending workers is the owner's business. A worker is any copyable handle.
template <class Worker>
class ElasticPool {
public:
  using Time = std::chrono::steady_clock::time_point;

  /// @pre 1 <= max, min <= max
  ElasticPool(std::size_t min, std::size_t max, std::chrono::milliseconds idle_before_leaving)
      : min_(min), max_(max), idle_before_leaving_(idle_before_leaving) {}

  /// An idle worker, or one from `make`; nothing while the maximum is busy.
  template <class Make>
  std::optional<Worker> acquire(Make make) {
    if (busy_ >= max_)
      return std::nullopt;
    if (!idle_.empty()) {
      auto worker = std::move(idle_.back().worker);
      idle_.pop_back();
      ++busy_;
      return worker;
    }
    ++busy_;
    return make();
  }

  /// From now on so many may be busy at once; those beyond that go on to their end.
  void set_max(std::size_t max) noexcept { max_ = max; }

  void release(Worker worker, Time now) {
    --busy_;
    idle_.push_back({std::move(worker), now});
  }

  /// A worker died that had been acquired.
  void remove_busy() { --busy_; }

  /// Idle workers died: those that `is_dead` names.
  template <class Predicate>
  void remove_idle(Predicate is_dead) {
    std::erase_if(idle_, [&](const auto& entry) { return is_dead(entry.worker); });
  }

  /// Takes out the workers above the minimum that have been idle for long enough.
  std::vector<Worker> retire(Time now) {
    std::vector<Worker> leaving;
    // The longest idle stand in front: acquire() takes from the back.
    while (size() > min_ && !idle_.empty() && now - idle_.front().since >= idle_before_leaving_) {
      leaving.push_back(std::move(idle_.front().worker));
      idle_.erase(idle_.begin());
    }
    return leaving;
  }

  /// The idle ones, for an owner that ends with them.
  template <class Action>
  void for_each_idle(Action action) const {
    for (const auto& entry : idle_)
      action(entry.worker);
  }

  std::size_t max() const noexcept { return max_; }
  std::size_t size() const noexcept { return busy_ + idle_.size(); }
  std::size_t busy() const noexcept { return busy_; }

private:
  struct Idle {
    Worker worker;
    Time since;
  };
  std::size_t min_;
  std::size_t max_;
  std::chrono::milliseconds idle_before_leaving_;
  std::size_t busy_ = 0;
  std::vector<Idle> idle_;
};

} // namespace gleaner
