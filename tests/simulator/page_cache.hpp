#pragma once

#include "tests/simulator/answer.hpp"

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace gleaner::sim {

/// A rendered answer and the number of its rows, which decides what it costs.
struct CachedPage {
  Body body;
  std::uint32_t rows = 0;
};

/// Rendered pages, the least recently used of which goes when a number of bytes is exceeded.
class PageCache {
public:
  explicit PageCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  /// nullptr when there is none; valid until the next call.
  const CachedPage* find(std::string_view name);
  void store(std::string_view name, const CachedPage& page);
  void clear();

private:
  using Entry = std::pair<std::string, CachedPage>;

  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;                                               ///< Latest use first.
  std::unordered_map<std::string_view, std::list<Entry>::iterator> index_; ///< Keys in entries_.
};

} // namespace gleaner::sim
