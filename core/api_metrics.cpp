#include "core/api_metrics.hpp"

#include "core/api_problem.hpp"
#include "core/credits.hpp"
#include "core/rate_windows.hpp"
#include "core/series.hpp"

#include <array>
#include <limits>

namespace gleaner {

using namespace series;

namespace {

constexpr std::array key_states{"ok", "exhausted", "invalid", "drained"};

Counter& retries_total(Registry& registry, const std::string& key, const char* reason) {
  return counter(registry, "gleaner_api_retries_total", "Pages asked for again, by why",
                 {{"key", key}, {"reason", reason}});
}

Counter& saved_credits(Registry& registry, const std::string& key, const char* reason) {
  return counter(registry, "gleaner_quota_saved_credits_total",
                 "Credits that were not spent again, by our own count: pages of an earlier try "
                 "(ledger), a recent collection (fresh)",
                 {{"key", key}, {"reason", reason}});
}

Counter& api_problems_total(Registry& registry, const std::string& key, const ApiProblem& problem) {
  const Labels labels{{"key", key}, {"kind", std::string{problem.kind}}};
  return problem.is_of_body
           ? counter(
               registry, "gleaner_api_bad_body_total",
               "Bodies that were not what the API documents, too large, or did not end in time",
               labels)
           : counter(registry, "gleaner_api_refused_total",
                     "Answers that were not followed (redirect), not trusted (tls, address) or not "
                     "allowed (legal_block)",
                     labels);
}

Counter& saved_requests(Registry& registry, const std::string& key, const char* reason) {
  return counter(registry, "gleaner_api_saved_requests_total",
                 "Requests that were not needed: pages of an earlier try (ledger), a recent "
                 "collection (fresh), nobody there (count)",
                 {{"key", key}, {"reason", reason}});
}

Counter& api_requests(Registry& registry, const std::string& key, const std::string& code) {
  return counter(registry, "gleaner_api_requests_total",
                 "Requests by HTTP status; error: no answer, other: a rare status",
                 {{"endpoint", "domain-search"}, {"key", key}, {"code", code}});
}

/// "1s", "1500ms".
std::string length_of(const RateWindow& window) {
  const auto ms = window.period.count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + "s" : std::to_string(ms) + "ms";
}

} // namespace

void ApiMetrics::show_limit(std::size_t place, double rate, double tokens) {
  limits_.at(place).rate->Set(rate);
  limits_.at(place).tokens->Set(tokens);
}

ApiMetrics::ApiMetrics(Registry& registry, const std::string& key,
                       const std::vector<RateWindow>& windows)
    : ApiMetrics(registry, key, {{"key", key}}, windows) {}

ApiMetrics::ApiMetrics(Registry& registry, const std::string& key, const Labels& one_key,
                       const std::vector<RateWindow>& windows)
    : request_duration(histogram(registry, "gleaner_api_request_duration_seconds",
                                 "From sending a request to its whole answer",
                                 {{"endpoint", "domain-search"}, {"key", key}},
                                 {.05, .1, .25, .5, 1, 2.5, 5, 10, 30})),
      in_flight(gauge(registry, "gleaner_api_requests_in_flight", "Requests without answer so far",
                      one_key)),
      throttled(counter(registry, "gleaner_api_throttled_total",
                        "Answers that told us to slow down", one_key)),
      backoff_seconds(counter(registry, "gleaner_api_backoff_seconds_total",
                              "Time that pages were told to wait before they are asked for again",
                              one_key)),
      response_bytes(
        counter(registry, "gleaner_api_response_bytes_total", "Bytes of bodies, decoded", one_key)),
      limiter_wait(histogram(registry, "gleaner_api_limiter_wait_seconds",
                             "Wait of a page for its permit", one_key,
                             {.001, .01, .1, .5, 1, 5, 15, 60})),
      credits_left(gauge(registry, "gleaner_quota_remaining_credits",
                         "Credits that the account had left when it was last read", one_key)),
      credits_allowed(gauge(registry, "gleaner_quota_limit_credits",
                            "Credits that the account has in a period", one_key)),
      limiter_share(gauge(registry, "gleaner_api_limiter_share",
                          "Part of the limits that is used: less than 1 after refusals", one_key)),
      circuit_open(gauge(registry, "gleaner_api_circuit_open",
                         "1 while the API fails so often that it is asked less", one_key)),
      credits_spent(counter(registry, "gleaner_quota_spent_credits_total",
                            "Credits that pages have cost, by our own count", one_key)),
      credits_reserved(gauge(registry, "gleaner_quota_reserved_credits",
                             "Credits reserved for pages under way, over all sharers", one_key)),
      quota_reset(gauge(registry, "gleaner_quota_reset_timestamp_seconds",
                        "When the account gets new credits, seconds since the epoch", one_key)),
      quota_refresh(gauge(registry, "gleaner_quota_refresh_timestamp_seconds",
                          "When the account was last read, seconds since the epoch", one_key)),
      saved_ledger(saved_credits(registry, key, "ledger")),
      saved_fresh(saved_credits(registry, key, "fresh")),
      requests_saved_by_ledger(saved_requests(registry, key, "ledger")),
      requests_saved_by_fresh(saved_requests(registry, key, "fresh")),
      requests_saved_by_count(saved_requests(registry, key, "count")),
      other_status_(api_requests(registry, key, "other")),
      retries_throttled_(retries_total(registry, key, "throttled")),
      retries_unavailable_(retries_total(registry, key, "unavailable")),
      retries_unreadable_(retries_total(registry, key, "unreadable")) {
  for (const auto* state : key_states)
    by_state_[state] =
      &gauge(registry, "gleaner_api_key_state",
             "1 for the state that the key is in, as far as jobs of this process have met it",
             {{"key", key}, {"state", state}});
  for (const int status : {200, 400, 401, 402, 403, 404, 408, 422, 429, 451, 500, 502, 503, 504})
    by_status_[status] = &api_requests(registry, key, std::to_string(status));
  for (const auto& window : windows)
    limits_.push_back({&gauge(registry, "gleaner_api_limiter_rate",
                              "Requests a second that the window allows: less after refusals",
                              {{"key", key}, {"window", length_of(window)}}),
                       &gauge(registry, "gleaner_api_limiter_tokens",
                              "Requests that this process may still send within the window",
                              {{"key", key}, {"window", length_of(window)}})});
  for (std::size_t place = 0; place < windows.size(); ++place)
    show_limit(place, requests_a_second(windows[place]), windows[place].requests);
  set_credits({}); // nothing is known yet
  by_status_[0] = &api_requests(registry, key, "error");
  for (const auto& problem : api_problems)
    problems_[problem.code] = &api_problems_total(registry, key, problem);
}

void ApiMetrics::set_state(std::string_view now) {
  for (auto& [state, gauge] : by_state_)
    gauge->Set(state == now ? 1 : 0);
}

void ApiMetrics::set_credits(const ApiAccount& account) {
  constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();
  const auto reset = reset_time(account);
  quota_reset.Set(reset ? static_cast<double>(*reset) : unknown);
  credits_left.Set(account.credits_remaining.value_or(unknown));
  credits_allowed.Set(account.credits_available.value_or(unknown));
}

void ApiMetrics::count_request(int status) {
  const auto found = by_status_.find(status);
  (found == by_status_.end() ? other_status_ : *found->second).Increment();
}

void ApiMetrics::count_retry(Errc why) {
  if (why == Errc::api_throttled)
    retries_throttled_.Increment();
  else if (why == Errc::body_malformed)
    retries_unreadable_.Increment();
  else
    retries_unavailable_.Increment();
}

void ApiMetrics::count_problem(Errc what) {
  if (const auto entry = problems_.find(what); entry != problems_.end())
    entry->second->Increment();
}

} // namespace gleaner
