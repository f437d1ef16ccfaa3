#pragma once

#include "adapters/redis/redis_observer.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/once_a_minute.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace gleaner {

/// Counts what Redis refuses and how its connections fare, and tells of each kind once a minute.
class RedisReport final : public redis::RedisObserver {
public:
  using Clock = std::function<OnceAMinute::Time()>;

  /// `metrics` and `log` outlive the report.
  RedisReport(RedisMetrics& metrics, EventLog& log, Clock now = std::chrono::steady_clock::now);

  std::size_t operation_of(std::span<const std::string> words) override;
  void answered(std::size_t operation, std::chrono::duration<double> took, bool ok) override;
  void refused(const Error& error) override;
  void reconnected() override;
  void went_stale() override;

private:
  RedisMetrics& metrics_;
  EventLog& log_;
  Clock now_;
  std::map<std::string_view, OnceAMinute> refusals_; ///< By reason; all are there from the start.
  OnceAMinute stale_;
};

} // namespace gleaner
