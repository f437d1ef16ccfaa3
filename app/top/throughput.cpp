#include "app/top/throughput.hpp"

#include <algorithm>

namespace gleaner::top {

namespace {

std::uint64_t grown(std::uint64_t from, std::uint64_t to) {
  return to > from ? to - from : 0;
}

} // namespace

void Throughput::note(std::int64_t now_ms, std::uint64_t kept, std::optional<std::uint64_t> ever) {
  if (!looks_.empty() && now_ms < looks_.back().at_ms)
    looks_.clear();
  looks_.push_back({now_ms, kept, ever});
  while (looks_.size() > 2 && looks_.front().at_ms < now_ms - span_ms)
    looks_.pop_front();
}

std::optional<double> Throughput::per_second() const {
  if (looks_.size() < 2 || looks_.back().at_ms == looks_.front().at_ms)
    return std::nullopt;
  const auto& first = looks_.front();
  const auto& last = looks_.back();
  auto ended = grown(first.kept, last.kept);
  if (first.ever && last.ever)
    ended = std::max(ended, grown(*first.ever, *last.ever));
  return 1000.0 * static_cast<double>(ended) / static_cast<double>(last.at_ms - first.at_ms);
}

} // namespace gleaner::top
