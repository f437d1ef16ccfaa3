#pragma once

#include <cstdint>
#include <string_view>

namespace gleaner::sim {

/// One step of SplitMix64 (Steele, Lea, Flood, 2014): good enough to scatter and very fast.
constexpr std::uint64_t mixed(std::uint64_t x) noexcept {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// FNV-1a, so that the data do not depend on the standard library.
constexpr std::uint64_t hash_of(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return mixed(hash);
}

/// The same numbers for the same seed, everywhere.
class Random {
public:
  explicit constexpr Random(std::uint64_t seed) noexcept : state_(seed) {}

  /// Uniform in [0, n). @pre n > 0
  constexpr std::uint32_t below(std::uint32_t n) noexcept {
    state_ += 0x9e3779b97f4a7c15u;
    return static_cast<std::uint32_t>((mixed(state_) >> 32) * n >> 32);
  }

  constexpr bool chance(std::uint32_t percent) noexcept { return below(100) < percent; }

private:
  std::uint64_t state_;
};

} // namespace gleaner::sim
