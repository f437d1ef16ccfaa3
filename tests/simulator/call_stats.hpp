#pragma once

#include "tests/simulator/call_log.hpp"
#include "tests/simulator/rate_limits.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace gleaner::sim {

/// The largest number of events in any stretch of a length.
class PeakWindow {
public:
  explicit PeakWindow(std::chrono::milliseconds length) : length_(length) {}
  void add(SteadyTime now);
  std::size_t peak() const { return peak_; }

private:
  std::chrono::milliseconds length_;
  std::deque<SteadyTime> times_;
  std::size_t peak_ = 0;
};

/// Totals since the start or the last reset.
class CallStats {
public:
  /// A search came in: `page` identifies key, domain, slice and filters.
  void search(const std::string& key, std::uint64_t page, bool after_quota, SteadyTime now);
  /// An answer was decided.
  void answered(std::string_view path, const Answer& answer, bool limit_hit);
  void ended(Ending ending, std::uint64_t bytes);
  void connected();
  void disconnected() { --open_connections_; }

  Json to_json(const Switches& switches, std::uint64_t dropped) const;
  /// Keeps the connections, which are still there.
  void clear();

private:
  struct Peaks {
    PeakWindow second{std::chrono::seconds{1}};
    PeakWindow minute{std::chrono::minutes{1}};
  };

  std::uint64_t requests_ = 0, searches_ = 0, repeated_ = 0, after_quota_ = 0, limited_ = 0;
  std::uint64_t bytes_ = 0, connections_ = 0;
  std::int64_t open_connections_ = 0, most_connections_ = 0;
  double credits_ = 0;
  std::map<int, std::uint64_t> by_status_;
  std::map<std::string, std::uint64_t, std::less<>> by_path_;
  std::map<Ending, std::uint64_t> by_ending_;
  std::map<std::string, Peaks> peaks_; ///< By key, unmasked.
  std::unordered_set<std::uint64_t> pages_;
};

} // namespace gleaner::sim
