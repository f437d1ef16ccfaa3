#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <utility>

namespace gleaner {

/// What waits for its turn, in lanes: the lanes take turns, and within one the order of coming
/// counts. A lane of stride 2 gets half as many turns as one of stride 1; one that comes anew
/// starts with the others, however many turns they had, and one that comes back in between keeps
/// its place (start-time fair queueing), which is remembered of the last 1,024 empty lanes by that
/// place. The cost of a call grows with the logarithm of the lanes. Not thread-safe.
template <class Lane, class Item>
class FairQueue {
public:
  bool empty() const noexcept { return turns_.empty(); }
  std::size_t size() const noexcept { return size_; }
  /// That are remembered, empty or not.
  std::size_t lanes() const noexcept { return lanes_.size(); }

  /// @pre stride >= 1
  void push(const Lane& lane, std::uint32_t stride, Item item) {
    auto& waiting = lanes_[lane];
    if (waiting.items.empty()) {
      resting_.erase(waiting.turn);
      waiting.turn = {std::max(waiting.turn.first, now_), next_number_++};
      turns_.emplace(waiting.turn, lane);
    }
    waiting.stride = stride;
    waiting.items.push_back(std::move(item));
    ++size_;
  }

  /// The one whose turn it is. @pre !empty()
  const Lane& front_lane() const { return turns_.begin()->second; }

  /// @pre !empty()
  Item pop() {
    const auto first = turns_.begin();
    auto& waiting = lanes_.at(first->second);
    auto item = std::move(waiting.items.front());
    waiting.items.pop_front();
    --size_;
    now_ = waiting.turn.first;
    waiting.turn = {now_ + waiting.stride, next_number_++};
    auto& next_place = waiting.items.empty() ? resting_ : turns_;
    next_place.emplace(waiting.turn, first->second);
    turns_.erase(first);
    forget_past();
    return item;
  }

  /// Calls `look` with every lane and item.
  template <class Function>
  void for_each(const Function& look) const {
    for (const auto& [lane, waiting] : lanes_)
      for (const auto& item : waiting.items)
        look(lane, item);
  }

  /// Calls `gone` with every item of a lane and forgets them.
  template <class Function>
  void clear(const Lane& lane, const Function& gone) {
    const auto entry = lanes_.find(lane);
    if (entry == lanes_.end() || entry->second.items.empty())
      return;
    for (auto& item : entry->second.items)
      gone(item);
    size_ -= entry->second.items.size();
    entry->second.items.clear();
    resting_.emplace(entry->second.turn, lane);
    turns_.erase(entry->second.turn);
    forget_past();
  }

private:
  using Turn = std::pair<std::uint64_t, std::uint64_t>; ///< Virtual time, then order of coming.
  struct Waiting {
    std::list<Item> items; ///< Takes no memory when empty, unlike a deque.
    std::uint32_t stride = 1;
    Turn turn;
  };

  static constexpr std::size_t most_resting = 1024;

  /// Empty lanes matter only until all others have had their turn, too. Most never come back, and
  /// as long as new ones come, that time does not.
  void forget_past() {
    while (!resting_.empty() && (turns_.empty() || resting_.begin()->first.first <= now_ ||
                                 resting_.size() > most_resting)) {
      lanes_.erase(resting_.begin()->second);
      resting_.erase(resting_.begin());
    }
  }

  std::map<Lane, Waiting> lanes_;
  std::map<Turn, Lane> turns_;   ///< Of the lanes that are not empty.
  std::map<Turn, Lane> resting_; ///< Those that a lane would have next that is empty.
  std::uint64_t now_ = 0;
  std::uint64_t next_number_ = 1; ///< 0: that of a lane which was never here.
  std::size_t size_ = 0;
};

} // namespace gleaner
