#include "tests/adapters/bullmq/queue_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace holding {

struct Holding : QueueFixture {
  Status progress(const JobLock& lock, const std::string& json) {
    return answer_of<Done>(
      [&](auto reply) { holding().report_progress(lock, json, std::move(reply)); });
  }
  Status log(const JobLock& lock, const std::string& row) {
    return answer_of<Done>([&](auto reply) { holding().add_log(lock, row, std::move(reply)); });
  }
  Texts renew(const std::vector<TakenJob>& jobs) {
    std::vector<JobLock> locks;
    for (const auto& job : jobs)
      locks.push_back(job.lock);
    auto renewal =
      answer_of<Renewal>([&](auto reply) { holding().renew(locks, std::move(reply)); });
    BOOST_REQUIRE(bool(renewal));
    return renewal->lost;
  }
};

} // namespace holding

BOOST_FIXTURE_TEST_SUITE(holding, Holding)

BOOST_AUTO_TEST_CASE(one_call_renews_the_locks_that_are_held_and_names_the_lost_ones) {
  for (const auto* id : {"1", "2", "3"})
    add_waiting(id);
  const auto jobs = take(3);
  redis({"PEXPIRE", key("1:lock"), "1000"});
  redis({"DEL", key("2:lock")});
  redis({"SET", key("3:lock"), "someone else's"});
  redis({"SADD", key("stalled"), "1", "2"});
  BOOST_TEST(renew({jobs[0], jobs[1], jobs[2]}) == (Texts{"2", "3"}));
  BOOST_TEST(redis({"PTTL", key("1:lock")}).integer > 1000);
  BOOST_TEST(!exists("2:lock"));
  BOOST_TEST(redis({"GET", key("3:lock")}).text == "someone else's");
  BOOST_TEST(redis({"SMEMBERS", key("stalled")}).items.size() == 1u);
}

BOOST_AUTO_TEST_CASE(progress_is_written_and_told_as_json) {
  add_waiting("1");
  const auto job = take_one();
  BOOST_REQUIRE(bool(progress(job.lock, R"({"page":1})")));
  BOOST_TEST(field("1", "progress") == R"({"page":1})");
  BOOST_TEST(events("progress").back().at("data") == R"({"page":1})");
}

BOOST_AUTO_TEST_CASE(who_lost_the_lock_writes_no_progress_and_no_log) {
  add_waiting("1");
  const auto job = take_one();
  const JobLock stale{"1", "old"};
  BOOST_TEST((progress(stale, "1").error().code == Errc::lock_lost));
  BOOST_TEST((log(stale, "row").error().code == Errc::lock_lost));
  BOOST_TEST(field("1", "progress") == R"({"status":"starting","domain":"acme.test"})");
  BOOST_TEST(events("progress").size() == 1u); // of the take
  redis({"DEL", key("1")});
  BOOST_TEST((progress(job.lock, "1").error().code == Errc::job_missing));
  BOOST_TEST((log(job.lock, "row").error().code == Errc::job_missing));
  BOOST_TEST(!exists("1"));
  BOOST_TEST(!exists("1:logs"));
}

BOOST_AUTO_TEST_CASE(the_log_keeps_as_many_rows_as_the_job_says) {
  const std::map<std::string, Texts> kept{
    {R"({"kl":2})", {"b", "c"}},      {R"({"kl":2.5})", {"b", "c"}},
    {R"({"kl":0})", {"a", "b", "c"}}, {R"({"kl":"x"})", {"a", "b", "c"}},
    {"{}", {"a", "b", "c"}},          {"nonsense", {"a", "b", "c"}},
  };
  for (const auto& [opts, rows] : kept) {
    redis({"FLUSHALL"});
    add_waiting("1", opts);
    const auto job = take_one();
    for (const auto* row : {"a", "b", "c"})
      BOOST_TEST(bool(log(job.lock, row)), opts);
    BOOST_TEST(members("1:logs") == rows, opts);
  }
}

BOOST_AUTO_TEST_CASE(a_job_comes_back_when_its_lock_is_gone_for_two_checks) {
  add_waiting("1");
  take_one();
  BOOST_TEST(check_stalled().requeued.empty()); // becomes a suspect
  BOOST_TEST(check_stalled().requeued.empty()); // its lock still lives
  redis({"DEL", key("1:lock")});
  BOOST_TEST(check_stalled().requeued == Texts{"1"});
  BOOST_TEST(members("wait") == Texts{"1"});
  BOOST_TEST(!exists("active"));
  BOOST_TEST(field("1", "stc") == "1");
  BOOST_TEST(field("1", "stalledCounter") == "1");
  BOOST_TEST(event_names() == (Texts{"active", "progress", "waiting", "stalled"}));
  BOOST_TEST(!exists("stalled"));
}

BOOST_AUTO_TEST_CASE(a_job_that_stalled_too_often_fails_with_the_reason_that_clients_know) {
  queue.metrics_points = 10;
  add_waiting("1", R"({"attempts":1})");
  redis({"HSET", key("1"), "stc", "0", "stalledCounter", "2", "defa", "old"});
  take_one();
  check_stalled();
  redis({"DEL", key("1:lock")});
  BOOST_TEST(check_stalled().failed == Texts{"1"});
  BOOST_TEST(members("failed") == Texts{"1"});
  BOOST_TEST(field("1", "failedReason") == "job stalled more than allowable limit");
  BOOST_TEST(field("1", "stc") == "3");
  BOOST_TEST(field("1", "atm") == "1");
  BOOST_TEST(redis({"HEXISTS", key("1"), "defa"}).integer == 0);
  BOOST_TEST(event_names() == (Texts{"active", "failed", "retries-exhausted"}));
  BOOST_TEST(redis({"HGET", key("metrics:failed"), "count"}).text == "1");
}

BOOST_AUTO_TEST_CASE(retention_applies_to_jobs_that_stalled_too_often) {
  queue.max_stalled_count = 0;
  queue.keep_failed = 0;
  const std::map<std::string, bool> stays{
    {"{}", false},
    {R"({"removeOnFail":true})", false},
    {R"({"removeOnFail":false})", true},
    {R"({"removeOnFail":5})", true},
    {R"({"removeOnFail":{"count":1.5}})", true},
  };
  for (const auto& [opts, kept] : stays) {
    add_waiting("1", opts);
    take_one();
    check_stalled();
    redis({"DEL", key("1:lock")});
    BOOST_TEST(check_stalled().failed == Texts{"1"}, opts);
    BOOST_TEST(exists("1") == kept, opts);
    redis({"DEL", key("1"), key("failed")});
  }
}

BOOST_AUTO_TEST_CASE(a_job_of_a_living_scheduler_never_fails_for_stalling) {
  queue.max_stalled_count = 0;
  add_waiting("1");
  redis({"HSET", key("1"), "rjk", "hourly"});
  redis({"HSET", key("repeat:hourly"), "name", "n"});
  take_one();
  check_stalled();
  redis({"DEL", key("1:lock")});
  BOOST_TEST(check_stalled().requeued == Texts{"1"});
}

BOOST_AUTO_TEST_CASE(ids_without_a_job_leave_active) {
  redis({"SET", key("odd"), "not a hash"});
  redis({"LPUSH", key("active"), "ghost", "0:1", "odd"});
  check_stalled();
  const auto found = check_stalled();
  BOOST_TEST(found.requeued.empty());
  BOOST_TEST(found.failed.empty());
  BOOST_TEST(!exists("active"));
  BOOST_TEST(!exists("ghost"));
}

BOOST_AUTO_TEST_CASE(a_check_trims_the_events) {
  redis({"HSET", key("meta"), "opts.maxLenEvents", "0"});
  redis({"XADD", key("events"), "*", "event", "drained"});
  check_stalled();
  BOOST_TEST(redis({"XLEN", key("events")}).integer == 0);
}

BOOST_AUTO_TEST_CASE(workers_share_one_check_per_interval) {
  add_waiting("1");
  take_one();
  check_stalled();
  redis({"DEL", key("1:lock")});
  const auto second =
    answer_of<StalledJobs>([&](auto reply) { writer().recover_stalled(std::move(reply)); });
  BOOST_TEST(second->requeued.empty());
  const auto left = redis({"PTTL", key("stalled-check")}).integer;
  BOOST_TEST(left > 0);
  BOOST_TEST(left <= queue.stalled_interval.count());
}

BOOST_AUTO_TEST_CASE(jobs_are_counted_by_state) {
  for (const auto* id : {"1", "2", "3"})
    add_waiting(id);
  take(1);
  redis({"LPUSH", key("paused"), "9"});
  redis({"ZADD", key("delayed"), "1", "4", "2", "5"});
  redis({"ZADD", key("prioritized"), "1", "6"});
  redis({"ZADD", key("waiting-children"), "1", "7"});
  redis({"ZADD", key("completed"), "1", "8", "2", "10", "3", "11"});
  redis({"ZADD", key("failed"), "1", "12"});
  redis({"ZADD", key("repeat"), "1700000000000", "hourly", "9999999999999", "later"});
  redis({"SET", key("limiter"), "9", "PX", "60000"});
  redis({"HSET", key("metrics:completed"), "count", "12"});
  const auto counts =
    answer_of<QueueCounts>([&](auto reply) { writer().count_jobs(std::move(reply)); });
  BOOST_REQUIRE(bool(counts));
  BOOST_TEST(counts->rate_limit_ttl_ms > 50000);
  BOOST_TEST(counts->in_paused_list == 1u);
  BOOST_TEST(counts->charted_completed == 12u);
  BOOST_TEST(counts->charted_failed == 0u);
  BOOST_TEST(counts->waiting == 3u);
  BOOST_TEST(counts->active == 1u);
  BOOST_TEST(counts->delayed == 2u);
  BOOST_TEST(counts->prioritized == 1u);
  BOOST_TEST(counts->waiting_children == 1u);
  BOOST_TEST(counts->completed == 3u);
  BOOST_TEST(counts->failed == 1u);
  BOOST_TEST(!counts->paused);
  BOOST_TEST(counts->oldest_waiting_age_ms.value() > 1000); // created in 2023
  BOOST_TEST(counts->schedule_overdue_ms > 1000);
  redis({"FLUSHALL"});
  redis({"HSET", key("meta"), "paused", "1"});
  redis({"ZADD", key("repeat"), "9999999999999", "later"});
  const auto none =
    answer_of<QueueCounts>([&](auto reply) { writer().count_jobs(std::move(reply)); });
  BOOST_TEST(none->paused);
  BOOST_TEST(!none->oldest_waiting_age_ms.has_value());
  BOOST_TEST(none->schedule_overdue_ms == 0);
  BOOST_TEST(none->rate_limit_ttl_ms == 0);
}

BOOST_AUTO_TEST_SUITE_END()
