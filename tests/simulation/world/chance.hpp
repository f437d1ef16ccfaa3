#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>

namespace gleaner::simulation {

/// All that is random in a world, of one seed. The standard's distributions differ between
/// libraries, so there are none here.
class Chance {
public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t next() { return engine_(); }
  /// @pre bound > 0
  std::size_t below(std::size_t bound) { return engine_() % bound; }
  std::size_t between(std::size_t least, std::size_t most) {
    return least + below(most - least + 1);
  }
  double fraction() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  bool happens(double probability) { return probability > 0 && fraction() < probability; }
  std::chrono::milliseconds milliseconds(std::size_t least, std::size_t most) {
    return std::chrono::milliseconds{between(least, most)};
  }

private:
  std::mt19937_64 engine_;
};

} // namespace gleaner::simulation
