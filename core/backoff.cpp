#include "core/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace gleaner {

namespace {

/// Longest delay that a delayed job's score can express exactly with room to spare: 10 years.
constexpr double longest_delay_ms = 10.0 * 365 * 24 * 3600 * 1000;

} // namespace

std::chrono::milliseconds page_backoff(std::uint32_t tries) noexcept {
  constexpr std::uint32_t longest_ms = 30000;
  const auto doublings = std::min(tries - 1, 5u);
  return std::chrono::milliseconds{std::min(1000u << doublings, longest_ms)};
}

RetryDecision decide_retry(const TakenJob& job, Errc why, double random) {
  const auto made = job.attempts_made + 1;
  if (!is_transient(why) || made >= job.retry.attempts || job.retry.kind == BackoffKind::unknown)
    return FailForGood{};
  if (job.retry.kind == BackoffKind::none)
    return RetryNow{};
  auto delay = static_cast<double>(job.retry.delay.count());
  if (job.retry.kind == BackoffKind::exponential)
    delay = std::round(std::pow(2.0, made - 1) * delay);
  const auto jitter = std::clamp(job.retry.jitter, 0.0, 1.0);
  if (jitter > 0)
    delay = std::floor(random * delay * jitter + delay * (1 - jitter));
  delay = std::clamp(delay, 0.0, longest_delay_ms);
  if (delay < 1)
    return RetryNow{};
  return RetryAfter{std::chrono::milliseconds{static_cast<std::int64_t>(delay)}};
}

} // namespace gleaner
