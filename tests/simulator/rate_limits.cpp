#include "tests/simulator/rate_limits.hpp"

#include <algorithm>
#include <ctime>

namespace gleaner::sim {

using std::chrono::milliseconds;

std::optional<milliseconds>
RateLimits::admit(const std::string& name, const std::vector<LimitWindow>& limits, SteadyTime now) {
  if (limits.empty())
    return std::nullopt;
  auto& times = admitted_[name];
  milliseconds wait{0};
  std::size_t kept = 0;
  for (const auto& window : limits) {
    kept = std::max<std::size_t>(kept, window.requests);
    if (times.size() < window.requests)
      continue;
    const auto free_at = times[times.size() - window.requests] + window.period;
    if (free_at > now)
      wait = std::max(wait, std::chrono::ceil<milliseconds>(free_at - now));
  }
  if (wait.count() > 0)
    return wait;
  times.push_back(now);
  while (times.size() > kept)
    times.pop_front();
  return std::nullopt;
}

std::uint32_t RateLimits::used(const std::string& name, milliseconds period, SteadyTime now) const {
  const auto found = admitted_.find(name);
  if (found == admitted_.end())
    return 0;
  const auto& times = found->second;
  const auto first = std::upper_bound(times.begin(), times.end(), now - period);
  return static_cast<std::uint32_t>(times.end() - first);
}

namespace {

/// RFC 9110, section 5.6.7.
std::string http_date(std::chrono::system_clock::time_point when) {
  const auto seconds = std::chrono::system_clock::to_time_t(when);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  const auto size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text, size};
}

} // namespace

Answer throttle_answer(std::string_view style, milliseconds wait,
                       std::chrono::system_clock::time_point now) {
  // No recorded body of a throttled 403 is known: a neutral text.
  if (style == "403")
    return error_answer(403, "too_many_requests", "Rate limit reached.");
  auto answer = error_answer(429, "too_many_requests",
                             "You've sent more requests per second than allowed: slow down.");
  const auto seconds =
    std::max(std::chrono::seconds{1}, std::chrono::ceil<std::chrono::seconds>(wait));
  if (style == "retry-after")
    answer.headers = "Retry-After: " + std::to_string(seconds.count()) + "\r\n";
  if (style == "http-date") // One second more: the date has no fractions.
    answer.headers = "Retry-After: " + http_date(now + seconds + std::chrono::seconds{1}) + "\r\n";
  if (style == "hours") {
    answer = error_answer(429, "too_many_requests", "Too many requests.");
    answer.headers = "Retry-After: 7200\r\n";
  }
  return answer;
}

} // namespace gleaner::sim
