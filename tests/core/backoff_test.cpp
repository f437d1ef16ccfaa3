#include "core/backoff.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace std::chrono_literals;

namespace backoff {

TakenJob job_with(std::uint32_t attempts, std::uint32_t made, BackoffKind kind,
                  std::chrono::milliseconds delay) {
  TakenJob job;
  job.attempts_made = made;
  job.retry = {attempts, kind, delay, 0.0, {}};
  return job;
}

std::chrono::milliseconds delay_of(const RetryDecision& decision) {
  return std::get<RetryAfter>(decision).delay;
}

} // namespace backoff

BOOST_AUTO_TEST_SUITE(backoff)

BOOST_AUTO_TEST_CASE(a_page_waits_1_2_4_8_16_and_then_30_seconds) {
  BOOST_TEST(page_backoff(1).count() == 1000);
  BOOST_TEST(page_backoff(2).count() == 2000);
  BOOST_TEST(page_backoff(3).count() == 4000);
  BOOST_TEST(page_backoff(4).count() == 8000);
  BOOST_TEST(page_backoff(5).count() == 16000);
  BOOST_TEST(page_backoff(6).count() == 30000);
  BOOST_TEST(page_backoff(4000000000u).count() == 30000);
}

BOOST_AUTO_TEST_CASE(exponential_backoff_of_a_job_doubles_with_each_attempt) {
  for (std::uint32_t made = 0; made < 3; ++made) {
    const auto job = job_with(4, made, BackoffKind::exponential, 1000ms);
    BOOST_TEST(delay_of(decide_retry(job, Errc::api_unavailable, 0)).count() == 1000 << made);
  }
  const auto last = job_with(4, 3, BackoffKind::exponential, 1000ms);
  BOOST_TEST(std::holds_alternative<FailForGood>(decide_retry(last, Errc::api_unavailable, 0)));
}

BOOST_AUTO_TEST_CASE(fixed_backoff_stays_the_same) {
  const auto job = job_with(5, 3, BackoffKind::fixed, 300ms);
  BOOST_TEST(delay_of(decide_retry(job, Errc::api_unavailable, 0)).count() == 300);
}

BOOST_AUTO_TEST_CASE(without_backoff_the_job_is_retried_at_once) {
  const auto job = job_with(3, 0, BackoffKind::none, 0ms);
  BOOST_TEST(std::holds_alternative<RetryNow>(decide_retry(job, Errc::api_unavailable, 0)));
}

BOOST_AUTO_TEST_CASE(one_attempt_and_none_both_mean_a_single_try) {
  for (const std::uint32_t attempts : {0u, 1u}) {
    const auto job = job_with(attempts, 0, BackoffKind::fixed, 300ms);
    BOOST_TEST(std::holds_alternative<FailForGood>(decide_retry(job, Errc::api_unavailable, 0)));
  }
}

BOOST_AUTO_TEST_CASE(what_no_retry_can_mend_fails_with_attempts_left) {
  const auto job = job_with(5, 0, BackoffKind::fixed, 300ms);
  for (const auto why :
       {Errc::lease_expired, Errc::key_rejected, Errc::quota_exhausted, Errc::legal_block,
        Errc::domain_invalid, Errc::api_rejected, Errc::body_too_large})
    BOOST_TEST(std::holds_alternative<FailForGood>(decide_retry(job, why, 0)));
}

BOOST_AUTO_TEST_CASE(an_unknown_kind_of_backoff_fails_the_job) {
  const auto job = job_with(5, 0, BackoffKind::unknown, 300ms);
  BOOST_TEST(std::holds_alternative<FailForGood>(decide_retry(job, Errc::api_unavailable, 0)));
}

BOOST_AUTO_TEST_CASE(jitter_draws_from_the_share_of_the_delay_that_it_names) {
  auto job = job_with(5, 0, BackoffKind::fixed, 1000ms);
  job.retry.jitter = 0.5;
  BOOST_TEST(delay_of(decide_retry(job, Errc::api_unavailable, 0.0)).count() == 500);
  BOOST_TEST(delay_of(decide_retry(job, Errc::api_unavailable, 0.5)).count() == 750);
  BOOST_TEST(delay_of(decide_retry(job, Errc::api_unavailable, 0.999)).count() == 999);
}

BOOST_AUTO_TEST_CASE(absurd_attempts_and_delays_stay_within_ten_years) {
  const auto job = job_with(1000000000, 999999, BackoffKind::exponential, 1000000000ms);
  BOOST_TEST(delay_of(decide_retry(job, Errc::api_unavailable, 0)).count() == 315360000000);
}

BOOST_AUTO_TEST_SUITE_END()
