#include "app/repeat_filter.hpp"

#include <algorithm>

namespace gleaner {

namespace {

/// Messages may hold what others have sent: with more than these at a time, codes alone are told
/// apart.
constexpr std::size_t most_messages = 256;

} // namespace

bool RepeatFilter::admits(LogLevel level, std::string_view code, std::string_view message,
                          Time now) {
  if (most_ == 0 || code.starts_with("job."))
    return true;
  const std::lock_guard guard{mutex_};
  const bool full = minutes_.size() >= most_messages;
  const std::pair key{std::string{code}, full ? std::string{} : std::string{message}};
  auto [entry, is_new] = minutes_.try_emplace(key);
  auto& minute = entry->second;
  if (is_new) {
    minute.level = level;
    minute.ends = now + std::chrono::minutes{1};
    first_end_ = std::min(first_end_, minute.ends);
  }
  if (minute.shown < most_) {
    ++minute.shown;
    return true;
  }
  ++minute.held_back;
  return false;
}

std::vector<RepeatFilter::Repeated> RepeatFilter::due(Time now) {
  std::vector<Repeated> found;
  const std::lock_guard guard{mutex_};
  if (now < first_end_)
    return found;
  first_end_ = Time::max();
  for (auto entry = minutes_.begin(); entry != minutes_.end();) {
    const auto& [level, ends, shown, held_back] = entry->second;
    if (now < ends) {
      first_end_ = std::min(first_end_, ends);
      ++entry;
      continue;
    }
    if (held_back > 0)
      found.push_back({level, entry->first.first,
                       entry->first.second.empty() ? "more of these" : entry->first.second,
                       held_back});
    entry = minutes_.erase(entry);
  }
  return found;
}

} // namespace gleaner
