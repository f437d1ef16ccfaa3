#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gleaner {

/// Remembers 64-bit hashes in bounded memory: at least the last `capacity` distinct ones, at most
/// twice as many. Two open-addressed tables take turns; when the newer one is full, the older one
/// is forgotten. 16 to 64 bytes per hash of the capacity, which grow with what is remembered.
class RecentHashes {
public:
  explicit RecentHashes(std::size_t capacity) : capacity_(capacity) {}

  /// False when it is remembered already.
  bool insert(std::uint64_t hash);

private:
  /// Open addressing with linear probing, at most half full; 0 is an empty slot.
  class Table {
  public:
    bool contains(std::uint64_t hash) const;
    void insert(std::uint64_t hash);
    std::size_t size() const noexcept { return size_; }

  private:
    std::size_t slot_of(std::uint64_t hash) const;
    void grow();

    std::vector<std::uint64_t> slots_;
    std::size_t size_ = 0;
  };

  std::size_t capacity_;
  Table newer_, older_;
};

} // namespace gleaner
