#include "adapters/bullmq/lost_takes.hpp"

#include <iterator>

namespace gleaner::bullmq {

void LostTakes::add(std::uint64_t first, std::uint64_t count) {
  if (count == 0)
    return;
  const std::lock_guard guard{mutex_};
  auto run = runs_.insert_or_assign(first, first + count - 1).first;
  const auto next = std::next(run);
  if (next != runs_.end() && next->first == run->second + 1) {
    run->second = next->second;
    runs_.erase(next);
  }
  if (run != runs_.begin() && std::prev(run)->second + 1 == run->first) {
    std::prev(run)->second = run->second;
    runs_.erase(run);
  }
}

std::vector<LostTakes::Run> LostTakes::take() {
  const std::lock_guard guard{mutex_};
  std::vector<Run> all{runs_.begin(), runs_.end()};
  runs_.clear();
  return all;
}

} // namespace gleaner::bullmq
