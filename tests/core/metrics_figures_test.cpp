#include "tests/core/metrics_fixture.hpp"
#include "tests/support/label_value.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;

BOOST_FIXTURE_TEST_SUITE(metrics_figures, MetricsFixture)

BOOST_AUTO_TEST_CASE(a_window_shows_what_it_allows_and_what_is_left) {
  BOOST_TEST(value("gleaner_api_limiter_rate", "1s") == 15);
  BOOST_TEST(value("gleaner_api_limiter_tokens", "60s") == 500);
  api.show_limit(0, 7.5, 3);
  BOOST_TEST(value("gleaner_api_limiter_rate", "1s") == 7.5);
  BOOST_TEST(value("gleaner_api_limiter_tokens", "1s") == 3);
  BOOST_TEST(value("gleaner_api_limiter_tokens", "60s") == 500);
}

BOOST_AUTO_TEST_CASE(answers_of_redis_are_counted_by_operation) {
  using Operation = RedisMetrics::Operation;
  redis.count_answer(Operation::take, 0.002, true);
  redis.count_answer(Operation::take, 0.2, false);
  redis.count_answer(Operation::waiting, 5, true); // meant to take long
  BOOST_TEST(sum("gleaner_redis_commands_total") == 2);
  const auto found = family("gleaner_redis_command_duration_seconds");
  for (const auto& series : found.metric)
    BOOST_TEST(series.histogram.sample_count == (series.label.front().value == "take" ? 2u : 0u));
}

BOOST_AUTO_TEST_CASE(actors_and_log_lines_show_what_they_were_last_told) {
  actors.show("StoreWriter", 1, 40);
  actors.show("StoreWriter", 1, 7);
  BOOST_TEST(value("gleaner_actor_mailbox_messages", "StoreWriter") == 7);
  BOOST_TEST(value("gleaner_actors", "StoreWriter") == 1);
  process.show_log({1, 20, 3, 4}, 5);
  process.show_log({1, 22, 3, 4}, 6);
  BOOST_TEST(value("gleaner_log_messages_total", "info") == 22);
  BOOST_TEST(sum("gleaner_log_messages_total") == 30);
  BOOST_TEST(sum("gleaner_log_dropped_total") == 6);
}

BOOST_AUTO_TEST_CASE(counts_of_the_queue_show_by_state) {
  QueueCounts counts;
  counts.waiting = 1;
  counts.prioritized = 2;
  counts.delayed = 3;
  counts.active = 4;
  counts.waiting_children = 5;
  counts.completed = 6;
  counts.failed = 7;
  counts.oldest_waiting_age_ms = 1500;
  counts.paused = true;
  counts.schedule_overdue_ms = 2500;
  counts.rate_limit_ttl_ms = 700;
  jobs.set_counts(counts);
  BOOST_TEST(value("gleaner_queue_rate_limit_ttl_seconds", "q") == 0.7);
  BOOST_TEST(value("gleaner_schedule_overdue_seconds", "q") == 2.5);
  double expected = 0;
  for (const auto* state :
       {"waiting", "prioritized", "delayed", "active", "waiting-children", "completed", "failed"})
    BOOST_TEST(value("gleaner_queue_jobs", state) == ++expected, state);
  BOOST_TEST(value("gleaner_queue_oldest_waiting_age_seconds", "q") == 1.5);
  BOOST_TEST(value("gleaner_queue_paused", "q") == 1);
}

BOOST_AUTO_TEST_CASE(an_empty_queue_has_no_oldest_job) {
  QueueCounts counts;
  counts.oldest_waiting_age_ms = 1500;
  counts.paused = true;
  jobs.set_counts(counts);
  jobs.set_counts({});
  BOOST_TEST(value("gleaner_queue_oldest_waiting_age_seconds", "q") == 0);
  BOOST_TEST(value("gleaner_queue_paused", "q") == 0);
}

BOOST_AUTO_TEST_CASE(bullmq_s_own_names_are_there_when_they_are_wanted) {
  prometheus::Registry both;
  JobMetrics named{both, "q", true};
  QueueCounts counts;
  counts.waiting = 5;
  counts.in_paused_list = 2;
  counts.charted_completed = 7;
  named.set_counts(counts);
  counts.charted_completed = 3; // the queue was emptied, and its count began anew
  named.set_counts(counts);
  BOOST_TEST(label_value(both, "bullmq_job_count", "waiting") == 3);
  BOOST_TEST(label_value(both, "bullmq_job_count", "paused") == 2);
  BOOST_TEST(label_value(both, "bullmq_job_completed_total", "q") == 10);
  BOOST_TEST(label_value(both, "bullmq_job_failed_total", "q") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
