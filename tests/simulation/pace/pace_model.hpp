#pragma once

#include "adapters/budget/redis_budget.hpp"
#include "core/shared_pace.hpp"
#include "tests/simulation/redis/simulated_redis.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <vector>

namespace gleaner::simulation {

using Milliseconds = std::chrono::milliseconds;

/// Requests from 0 on that windows admitted, counted as strictly as the API may: no stretch of a
/// window's length, wherever it begins, holds more than the window allows. Refused ones do not
/// count.
class StrictWindows {
public:
  bool admit(const std::vector<RateWindow>& windows, Milliseconds now);
  const std::deque<Milliseconds>& admitted() const { return admitted_; }

private:
  std::deque<Milliseconds> admitted_;
};

/// The windows from some time on.
struct LimitChange {
  Milliseconds from{0};
  std::vector<RateWindow> windows;
};

/// What a model is like. Times count from the first request.
struct PaceScene {
  std::vector<RateWindow> configured{{15, std::chrono::seconds{1}},
                                     {500, std::chrono::seconds{60}}};
  std::vector<LimitChange> changes; ///< By time; before the first the windows are as configured.
  Milliseconds length{180'000};
  std::size_t processes = 1;
  Milliseconds answer_after{20};
  Milliseconds jitter{0}; ///< A request arrives up to so much later than it is sent.
  /// How long what a process says to Redis is on its way, and the answer; the second process's ways
  /// are the other way round, and so on.
  Milliseconds to_redis{0}, from_redis{0};
  Milliseconds redis_jitter{0}; ///< An answer of Redis takes up to so much longer.
  double others_per_second = 0; ///< Requests of somebody else who uses the key, evenly.
  Milliseconds others_from{0};
  Milliseconds others_until{0};
  std::uint64_t seed = 1;
};

/// What came of it.
struct PaceFigures {
  std::vector<Milliseconds> admitted; ///< Ours.
  std::vector<Milliseconds> refused;  ///< Ours.

  /// Which part was used of what someone could have had from `begin` to `end` who has these
  /// windows, knows them and has made our requests until `begin`.
  double used(Milliseconds begin, Milliseconds end, const std::vector<RateWindow>& windows) const;
  std::size_t refused_from(Milliseconds begin, Milliseconds end) const;
};

/// Processes that always have requests waiting share a pace in a simulated Redis: the product's
/// own SharedPace, RedisBudget and script, in virtual time. The same scene always ends the same.
PaceFigures run(const PaceScene& scene);

} // namespace gleaner::simulation
