#pragma once

#include "core/error.hpp"
#include "core/job.hpp"

#include <chrono>
#include <cstdint>
#include <variant>

namespace gleaner {

/// A wait of so long is told, and shows in the progress of those who wait.
inline constexpr std::chrono::seconds telling_wait{5};

/// Who has to wait longer than that for the API does not do so in a slot, if pages can be kept.
inline constexpr std::chrono::seconds longest_wait_in_slot{120};

/// Pause before a page is asked for again after `tries` failed requests: 1 s, 2 s, 4 s ... at most
/// 30 s. @pre tries >= 1
std::chrono::milliseconds page_backoff(std::uint32_t tries) noexcept;

/// What becomes of a job whose try failed.
struct FailForGood {};
struct RetryNow {};
struct RetryAfter {
  std::chrono::milliseconds delay;
};
using RetryDecision = std::variant<FailForGood, RetryNow, RetryAfter>;

/// BullMQ's rule: try again while attempts are left and the failure is worth a retry
/// (is_transient); the delay is fixed, or doubles from the second retry on, with the job's share of
/// jitter. An unknown kind of backoff is a mistake of the producer and fails the job. `random` is
/// uniform in [0, 1).
RetryDecision decide_retry(const TakenJob& job, Errc why, double random);

} // namespace gleaner
