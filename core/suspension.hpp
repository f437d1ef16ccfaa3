#pragma once

#include "core/error.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace gleaner {

/// Why no job is taken for the time being, though the process is well: something that all jobs
/// need.
enum class SuspensionReason : std::uint8_t {
  store, ///< Nothing can be stored.
  key    ///< The API refuses the key.
};

/// The reason behind a failure, or nothing when it is the job's own affair. Jobs that meet it lose
/// no attempt.
constexpr std::optional<SuspensionReason> suspension_reason(Errc why) noexcept {
  switch (why) {
  case Errc::store_full:
  case Errc::store_io:
  case Errc::store_unwritable:
    return SuspensionReason::store;
  case Errc::key_rejected:
    return SuspensionReason::key;
  default:
    return std::nullopt;
  }
}

/// Pause between looks whether the reason is gone.
constexpr std::chrono::milliseconds probe_interval(SuspensionReason reason) noexcept {
  return reason == SuspensionReason::store ? std::chrono::milliseconds{std::chrono::seconds{10}}
                                           : std::chrono::milliseconds{std::chrono::minutes{5}};
}

} // namespace gleaner
