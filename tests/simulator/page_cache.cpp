#include "tests/simulator/page_cache.hpp"

namespace gleaner::sim {

const CachedPage* PageCache::find(std::string_view name) {
  const auto found = index_.find(name);
  if (found == index_.end())
    return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return &found->second->second;
}

void PageCache::store(std::string_view name, const CachedPage& page) {
  if (index_.contains(name) || page.body->size() > most_bytes_)
    return;
  entries_.emplace_front(name, page);
  index_.emplace(entries_.front().first, entries_.begin());
  bytes_ += page.body->size() + name.size();
  while (bytes_ > most_bytes_) {
    const auto& last = entries_.back();
    bytes_ -= last.second.body->size() + last.first.size();
    index_.erase(last.first);
    entries_.pop_back();
  }
}

void PageCache::clear() {
  index_.clear();
  entries_.clear();
  bytes_ = 0;
}

} // namespace gleaner::sim
