#pragma once

#include "core/api_answer.hpp"
#include "core/config.hpp"
#include "core/error.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// As core/metrics.
namespace gleaner {

/// Requests to the API with one key, their pace and their cost: each with the label `key`.
struct ApiMetrics {
  /// A limit for each of `windows`.
  explicit ApiMetrics(prometheus::Registry& registry, const std::string& key = "default",
                      const std::vector<RateWindow>& windows = {});
  /// Of the window at `place`: what it allows a second, and so many requests at once now.
  void show_limit(std::size_t place, double rate, double tokens);
  /// `status` 0 stands for no answer.
  void count_request(int status);
  void count_retry(Errc why);
  /// Of core/api_problem; anything else is passed over.
  void count_problem(Errc what);
  void set_credits(const ApiAccount& account);
  /// "ok", "exhausted", "invalid" or "drained".
  void set_state(std::string_view state);

  prometheus::Histogram& request_duration; ///< api_request_duration_seconds
  prometheus::Gauge& in_flight;            ///< api_requests_in_flight
  prometheus::Counter& throttled;          ///< api_throttled_total
  prometheus::Counter& backoff_seconds;    ///< api_backoff_seconds_total
  prometheus::Counter& response_bytes;     ///< api_response_bytes_total
  prometheus::Histogram& limiter_wait;     ///< api_limiter_wait_seconds
  prometheus::Gauge& credits_left;         ///< quota_remaining_credits: NaN until known
  prometheus::Gauge& credits_allowed;      ///< quota_limit_credits: likewise
  prometheus::Gauge& limiter_share;        ///< api_limiter_share: of the windows, in use
  prometheus::Gauge& circuit_open;         ///< api_circuit_open
  prometheus::Counter& credits_spent;      ///< quota_spent_credits_total
  prometheus::Gauge& credits_reserved;     ///< quota_reserved_credits
  prometheus::Gauge& quota_reset;          ///< quota_reset_timestamp_seconds
  prometheus::Gauge& quota_refresh;        ///< quota_refresh_timestamp_seconds
  prometheus::Counter& saved_ledger; ///< quota_saved_credits_total{reason="ledger"}: pages kept
  prometheus::Counter& saved_fresh;  ///< quota_saved_credits_total{reason="fresh"}
  prometheus::Counter& requests_saved_by_ledger; ///< api_saved_requests_total{reason="ledger"}
  prometheus::Counter& requests_saved_by_fresh;  ///< api_saved_requests_total{reason="fresh"}
  prometheus::Counter& requests_saved_by_count;  ///< api_saved_requests_total{reason="count"}

private:
  ApiMetrics(prometheus::Registry& registry, const std::string& key,
             const std::map<std::string, std::string>& one_key,
             const std::vector<RateWindow>& windows);
  struct Limit {
    prometheus::Gauge* rate;   ///< api_limiter_rate{window}
    prometheus::Gauge* tokens; ///< api_limiter_tokens{window}
  };
  std::vector<Limit> limits_;                               ///< In the order of the windows.
  std::map<std::string_view, prometheus::Gauge*> by_state_; ///< api_key_state{state}
  std::map<int, prometheus::Counter*> by_status_;           ///< api_requests_total{code}
  prometheus::Counter& other_status_;
  std::map<Errc, prometheus::Counter*> problems_; ///< api_refused_total, api_bad_body_total {kind}
  prometheus::Counter& retries_throttled_;        ///< api_retries_total{reason}
  prometheus::Counter& retries_unavailable_;
  prometheus::Counter& retries_unreadable_;
};

} // namespace gleaner
