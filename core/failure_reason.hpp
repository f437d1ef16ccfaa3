#pragma once

#include "core/error.hpp"

#include <cstdint>

namespace gleaner {

/// Why jobs fail for good: a small closed set, for counting.
enum class FailureReason : std::uint8_t {
  bad_data, ///< The job itself can't be collected.
  poison,   ///< Whoever takes it dies.
  api,      ///< What the API says, or that it says nothing.
  children, ///< A child failed.
  store,
  internal, ///< A bug.
  other,
};

inline constexpr FailureReason failure_reasons[] = {
  FailureReason::bad_data, FailureReason::poison,   FailureReason::api,  FailureReason::children,
  FailureReason::store,    FailureReason::internal, FailureReason::other};

FailureReason failure_reason(Errc code) noexcept;
const char* to_string(FailureReason reason) noexcept;

} // namespace gleaner
