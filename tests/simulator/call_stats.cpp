#include "tests/simulator/call_stats.hpp"

#include "tests/simulator/query_params.hpp"

#include <algorithm>

namespace gleaner::sim {

namespace {

constexpr std::size_t most_paths = 100;

} // namespace

void PeakWindow::add(SteadyTime now) {
  times_.push_back(now);
  while (times_.front() + length_ <= now)
    times_.pop_front();
  peak_ = std::max(peak_, times_.size());
}

void CallStats::search(const std::string& key, std::uint64_t page, bool after_quota,
                       SteadyTime now) {
  ++searches_;
  after_quota_ += after_quota ? 1 : 0;
  repeated_ += pages_.insert(page).second ? 0 : 1;
  auto& peaks = peaks_[key];
  peaks.second.add(now);
  peaks.minute.add(now);
}

void CallStats::answered(std::string_view path, const Answer& answer, bool limit_hit) {
  ++requests_;
  limited_ += limit_hit ? 1 : 0;
  credits_ += answer.credits;
  ++by_status_[answer.status];
  const auto found = by_path_.find(path);
  if (found != by_path_.end())
    ++found->second;
  else if (by_path_.size() < most_paths)
    by_path_.emplace(path, 1);
}

void CallStats::ended(Ending ending, std::uint64_t bytes) {
  ++by_ending_[ending];
  bytes_ += bytes;
}

void CallStats::connected() {
  ++connections_;
  most_connections_ = std::max(most_connections_, ++open_connections_);
}

Json CallStats::to_json(const Switches& switches, std::uint64_t dropped) const {
  Json out{{"requests", requests_},
           {"searches", searches_},
           {"distinct_pages", pages_.size()},
           {"repeated_pages", repeated_},
           {"calls_after_quota", after_quota_},
           {"limited", limited_},
           {"pace_kept", limited_ == 0},
           {"limits", to_string(switches.limits)},
           {"credits", credits_},
           {"bytes", bytes_},
           {"dropped_calls", dropped}};
  std::size_t second = 0, minute = 0;
  auto& keys = out["largest_window_by_key"] = Json::object();
  for (const auto& [key, peaks] : peaks_) {
    auto name = masked_key(key);
    while (keys.contains(name)) // another key with the same tail
      name += '\'';
    keys[name] = {{"1s", peaks.second.peak()}, {"60s", peaks.minute.peak()}};
    second = std::max(second, peaks.second.peak());
    minute = std::max(minute, peaks.minute.peak());
  }
  out["largest_window"] = {{"1s", second}, {"60s", minute}};
  out["by_status"] = Json::object();
  for (const auto& [status, count] : by_status_)
    out["by_status"][std::to_string(status)] = count;
  out["by_path"] = by_path_;
  out["by_ending"] = Json::object();
  for (const auto& [ending, count] : by_ending_)
    out["by_ending"][std::string{to_string(ending)}] = count;
  out["connections"] = {
    {"accepted", connections_}, {"open", open_connections_}, {"most_open", most_connections_}};
  return out;
}

void CallStats::clear() {
  const auto open = open_connections_;
  *this = CallStats{};
  open_connections_ = most_connections_ = open;
}

} // namespace gleaner::sim
