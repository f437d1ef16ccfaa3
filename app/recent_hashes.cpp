#include "app/recent_hashes.hpp"

#include <utility>

namespace gleaner {

std::size_t RecentHashes::Table::slot_of(std::uint64_t hash) const {
  const auto mask = slots_.size() - 1; // a power of two
  auto slot = static_cast<std::size_t>(hash) & mask;
  while (slots_[slot] != 0 && slots_[slot] != hash)
    slot = (slot + 1) & mask;
  return slot;
}

bool RecentHashes::Table::contains(std::uint64_t hash) const {
  return !slots_.empty() && slots_[slot_of(hash)] == hash;
}

void RecentHashes::Table::insert(std::uint64_t hash) {
  if (slots_.size() < 2 * (size_ + 1))
    grow();
  slots_[slot_of(hash)] = hash;
  ++size_;
}

void RecentHashes::Table::grow() {
  constexpr std::size_t smallest = 1024;
  const auto old = std::exchange(
    slots_, std::vector<std::uint64_t>(slots_.empty() ? smallest : slots_.size() * 2));
  for (const auto hash : old)
    if (hash != 0)
      slots_[slot_of(hash)] = hash;
}

bool RecentHashes::insert(std::uint64_t hash) {
  if (hash == 0)
    hash = 1; // 0 is an empty slot
  if (newer_.contains(hash) || older_.contains(hash))
    return false;
  if (newer_.size() == capacity_)
    older_ = std::exchange(newer_, Table{});
  newer_.insert(hash);
  return true;
}

} // namespace gleaner
