#pragma once

#include "core/error.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

namespace gleaner {

/// Why no job is taken for the time being, though the process is well: something that all jobs
/// need.
enum class SuspensionReason : std::uint8_t {
  store,   ///< Nothing can be stored.
  key,     ///< The API refuses the key, its account, or this machine.
  quota,   ///< The key's credits are used up.
  drained, ///< The operator has taken the key out of use.
  pace     ///< The API wants no request with the key for a while, and others shall not wait.
};

inline constexpr std::array suspension_reasons{SuspensionReason::store, SuspensionReason::key,
                                               SuspensionReason::quota, SuspensionReason::drained,
                                               SuspensionReason::pace};

/// "store", "key", "quota", "drained", "pace".
constexpr const char* to_string(SuspensionReason reason) noexcept {
  switch (reason) {
  case SuspensionReason::store:
    return "store";
  case SuspensionReason::key:
    return "key";
  case SuspensionReason::drained:
    return "drained";
  case SuspensionReason::pace:
    return "pace";
  case SuspensionReason::quota:
    break;
  }
  return "quota";
}

/// The reason behind a failure, or nothing when it is the job's own affair. Jobs that meet it lose
/// no attempt.
constexpr std::optional<SuspensionReason> suspension_reason(Errc why) noexcept {
  switch (why) {
  case Errc::store_full:
  case Errc::store_io:
  case Errc::store_unwritable:
    return SuspensionReason::store;
  case Errc::key_rejected:
  case Errc::account_restricted:
  case Errc::api_blocked:
    return SuspensionReason::key;
  case Errc::quota_exhausted:
    return SuspensionReason::quota;
  case Errc::key_drained:
    return SuspensionReason::drained;
  default:
    return std::nullopt;
  }
}

/// Pause between looks whether the reason is gone; for credits it is a setting, and this its
/// default.
constexpr std::chrono::milliseconds probe_interval(SuspensionReason reason) noexcept {
  switch (reason) {
  case SuspensionReason::store:
    return std::chrono::seconds{10};
  case SuspensionReason::key:
    return std::chrono::minutes{5};
  case SuspensionReason::drained:
    return std::chrono::seconds{30};
  case SuspensionReason::pace: // the wait that the API asks for, which is no longer
  case SuspensionReason::quota:
    break;
  }
  return std::chrono::hours{1};
}

} // namespace gleaner
