#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>

namespace gleaner {

/// What the steady clock of another process says, from when it was asked and when its answer came:
/// it was read between the two, so the quicker a round trip, the better is known how far ahead it
/// is (Cristian, "Probabilistic clock synchronization", 1989).
class RemoteClock {
public:
  using Time = std::chrono::steady_clock::time_point;

  /// Question `number`, greater than those before, goes out at `now`.
  void asked(std::uint64_t number, Time now);
  /// The answer to it: `theirs` is what the other clock said. Unknown numbers are ignored; false
  /// then.
  bool answered(std::uint64_t number, Time now, Time theirs);

  /// What the other clock says at our `time`, at the earliest: who acts before that there acts
  /// before `time` here. Nothing before the first answer.
  std::optional<Time> at(Time time) const;

  /// The quickest round trip of late; nothing before the first answer.
  std::optional<Time::duration> round_trip() const;

private:
  struct Sample {
    Time::duration ahead; ///< Their clock, at least: as if the answer had taken no time.
    Time::duration round_trip;
    Time at;
  };
  std::map<std::uint64_t, Time> open_;
  std::optional<Sample> best_;
};

} // namespace gleaner
