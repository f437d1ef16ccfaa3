#include "core/metrics.hpp"
#include "core/normalize.hpp"
#include "tests/core/metrics_catalogue.hpp"
#include "tests/core/metrics_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

using namespace gleaner;
using namespace gleaner::test;
using prometheus::MetricType;

namespace metrics {

LabelValues labels_of(const prometheus::MetricFamily& family) {
  LabelValues values;
  for (const auto& series : family.metric)
    for (const auto& label : series.label)
      values[label.name].insert(label.value);
  return values;
}

double value_of(MetricType type, const prometheus::ClientMetric& series) {
  if (type == MetricType::Histogram)
    return static_cast<double>(series.histogram.sample_count) + series.histogram.sample_sum;
  return type == MetricType::Counter ? series.counter.value : series.gauge.value;
}

} // namespace metrics

BOOST_FIXTURE_TEST_SUITE(metrics, MetricsFixture)

BOOST_AUTO_TEST_CASE(there_are_exactly_the_families_of_the_catalogue) {
  std::set<std::string> present;
  for (const auto& each : registry.Collect()) {
    BOOST_TEST(each.name.starts_with("gleaner_"), each.name);
    BOOST_TEST(present.insert(each.name.substr(8)).second, each.name << " is there twice");
  }
  std::set<std::string> wanted;
  for (const auto& [name, expected] : catalogue)
    wanted.insert(name);
  BOOST_TEST(present == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_series_is_there_from_the_start) {
  for (const auto& [name, expected] : catalogue) {
    const auto found = family("gleaner_" + name);
    BOOST_TEST((found.type == expected.type), name);
    BOOST_TEST(found.metric.size() == expected.series, name);
    BOOST_TEST(!found.help.empty(), name);
    BOOST_TEST((labels_of(found) == expected.labels), name);
  }
}

BOOST_AUTO_TEST_CASE(every_series_begins_at_zero_but_what_only_the_account_tells) {
  const std::set<std::string> of_account{"gleaner_quota_remaining_credits",
                                         "gleaner_quota_limit_credits",
                                         "gleaner_quota_reset_timestamp_seconds"};
  const std::set<std::string> of_settings{"gleaner_api_limiter_rate", "gleaner_api_limiter_tokens"};
  const std::set<std::string> at_one{"gleaner_build_info", "gleaner_config_last_reload_success"};
  for (const auto& each : registry.Collect())
    for (const auto& series : each.metric)
      if (of_account.contains(each.name))
        BOOST_TEST(std::isnan(value_of(each.type, series)), each.name);
      else if (of_settings.contains(each.name))
        BOOST_TEST(value_of(each.type, series) > 8, each.name);
      else
        BOOST_TEST(value_of(each.type, series) == (at_one.contains(each.name) ? 1 : 0), each.name);
}

BOOST_AUTO_TEST_CASE(names_follow_the_prometheus_conventions) {
  for (const auto& each : registry.Collect()) {
    BOOST_TEST(each.name.ends_with("_total") == (each.type == MetricType::Counter), each.name);
    for (const auto* scaled : {"_ms", "_millis", "_minutes", "_kb", "_percent"})
      BOOST_TEST(each.name.find(scaled) == std::string::npos, each.name);
    const bool lower = std::all_of(each.name.begin(), each.name.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    BOOST_TEST(lower, each.name);
  }
}

BOOST_AUTO_TEST_CASE(no_more_than_the_series_that_the_manual_promises) {
  std::size_t series = 0;
  for (const auto& each : registry.Collect())
    for (const auto& one : each.metric)
      series += each.type == MetricType::Histogram ? one.histogram.bucket.size() + 2 : 1;
  BOOST_TEST(series <= 370u); // the listener adds some 30 of its own: 400
}

BOOST_AUTO_TEST_CASE(buckets_grow) {
  for (const auto& each : registry.Collect())
    for (const auto& series : each.metric) {
      const auto& buckets = series.histogram.bucket;
      BOOST_TEST((each.type != MetricType::Histogram || buckets.size() > 1), each.name);
      for (std::size_t i = 1; i < buckets.size(); ++i)
        BOOST_TEST(buckets[i - 1].upper_bound < buckets[i].upper_bound, each.name);
    }
}

BOOST_AUTO_TEST_CASE(no_status_of_an_answer_makes_a_new_series) {
  for (int status = 0; status < 1000; ++status)
    api.count_request(status);
  BOOST_TEST(family("gleaner_api_requests_total").metric.size() == 16);
  BOOST_TEST(sum("gleaner_api_requests_total") == 1000);
  BOOST_TEST(value("gleaner_api_requests_total", "200") == 1);
  BOOST_TEST(value("gleaner_api_requests_total", "error") == 1);
  BOOST_TEST(value("gleaner_api_requests_total", "other") == 1000 - 15);
}

BOOST_AUTO_TEST_CASE(every_reason_to_ask_again_is_counted_once) {
  api.count_retry(Errc::api_throttled);
  api.count_retry(Errc::body_malformed);
  api.count_retry(Errc::api_unavailable);
  for (const auto* reason : {"throttled", "unreadable", "unavailable"})
    BOOST_TEST(value("gleaner_api_retries_total", reason) == 1, reason);
}

BOOST_AUTO_TEST_CASE(every_reject_is_counted_once_and_every_series_is_of_one) {
  for (const auto& reject : contact_rejects)
    contacts.count_reject(reject);
  BOOST_TEST(sum("gleaner_normalization_rejects_total") == contact_rejects.size());
  for (const auto& series : family("gleaner_normalization_rejects_total").metric)
    BOOST_TEST(series.counter.value > 0);
}

BOOST_AUTO_TEST_CASE(an_unknown_reject_makes_no_new_series) {
  contacts.count_reject({"shoe_size", "missing"});
  BOOST_TEST(family("gleaner_normalization_rejects_total").metric.size() == 33u);
  BOOST_TEST(sum("gleaner_normalization_rejects_total") == 0);
}

BOOST_AUTO_TEST_CASE(every_failed_operation_of_the_store_is_counted_once) {
  for (const auto op :
       {StoreOp::write, StoreOp::sync, StoreOp::rename, StoreOp::folder, StoreOp::read})
    store.count_error(op);
  for (const auto* op : {"write", "fsync", "rename", "folder", "read"})
    BOOST_TEST(value("gleaner_storage_errors_total", op) == 1, op);
}

BOOST_AUTO_TEST_CASE(every_refusal_of_redis_is_counted_once) {
  for (const auto* reason :
       {"oom", "misconf", "readonly", "loading", "busy", "masterdown", "acl", "other"}) {
    redis.count_refused(reason);
    BOOST_TEST(value("gleaner_redis_refused_total", reason) == 1, reason);
  }
  redis.count_refused("tired"); // makes no new series
  BOOST_TEST(value("gleaner_redis_refused_total", "other") == 2);
}

BOOST_AUTO_TEST_CASE(every_cause_of_a_failure_is_counted_once) {
  for (const auto code : {Errc::domain_invalid, Errc::api_rejected, Errc::job_children_failed,
                          Errc::store_io, Errc::internal, Errc::usage})
    jobs.count_failure(failure_reason(code));
  jobs.count_failure(FailureReason::poison, 1);
  for (const auto* reason : {"bad_data", "poison", "api", "children", "store", "internal", "other"})
    BOOST_TEST(value("gleaner_job_failures_total", reason) == 1, reason);
}

BOOST_AUTO_TEST_SUITE_END()
