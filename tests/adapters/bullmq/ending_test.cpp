#include "tests/adapters/bullmq/queue_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;

BOOST_FIXTURE_TEST_SUITE(ending, QueueFixture)

BOOST_AUTO_TEST_CASE(a_completed_job_has_value_time_count_and_no_lock) {
  add_waiting("1");
  const auto job = take_one();
  redis({"SADD", key("stalled"), "1"});
  BOOST_REQUIRE(bool(complete(job)));
  BOOST_TEST(members("completed") == Texts{"1"});
  BOOST_TEST(!exists("active"));
  BOOST_TEST(!exists("1:lock"));
  BOOST_TEST(!exists("stalled"));
  BOOST_TEST(field("1", "returnvalue") == R"({"r":1})");
  BOOST_TEST(field("1", "atm") == "1");
  BOOST_TEST(field("1", "finishedOn") == redis({"ZSCORE", key("completed"), "1"}).text);
  const auto completed = events("completed");
  BOOST_REQUIRE(completed.size() == 1u);
  BOOST_TEST(completed[0].at("returnvalue") == R"({"r":1})");
  BOOST_TEST(completed[0].at("prev") == "active");
}

BOOST_AUTO_TEST_CASE(a_failed_job_has_reason_and_stack_and_says_when_its_tries_are_used_up) {
  add_waiting("1", R"({"attempts":1})");
  BOOST_REQUIRE(bool(fail(take_one(), "HTTP 401 \"no\"")));
  BOOST_TEST(members("failed") == Texts{"1"});
  BOOST_TEST(field("1", "failedReason") == "HTTP 401 \"no\"");
  BOOST_TEST(field("1", "finishedOn") == redis({"ZSCORE", key("failed"), "1"}).text);
  BOOST_TEST(field("1", "stacktrace") == R"(["HTTP 401 \"no\""])");
  BOOST_TEST(events("failed")[0].at("failedReason") == "HTTP 401 \"no\"");
  BOOST_REQUIRE(events("retries-exhausted").size() == 1u);
  BOOST_TEST(events("retries-exhausted")[0].at("attemptsMade") == "1");
}

BOOST_AUTO_TEST_CASE(a_failure_with_tries_left_exhausts_nothing) {
  add_waiting("1", R"({"attempts":5})");
  redis({"HSET", key("1"), "defa", "told to"});
  BOOST_REQUIRE(bool(fail(take_one())));
  BOOST_TEST(events("retries-exhausted").empty());
  BOOST_TEST(redis({"HEXISTS", key("1"), "defa"}).integer == 0);
}

BOOST_AUTO_TEST_CASE(progress_is_written_and_told_before_the_end) {
  add_waiting("1");
  const auto job = take_one();
  BOOST_REQUIRE(bool(answer_of<TakeResult>(
    [&](auto reply) { writer().complete(job, "null", R"({"p":100})", false, std::move(reply)); })));
  BOOST_TEST(field("1", "progress") == R"({"p":100})");
  BOOST_TEST(event_names() == (Texts{"active", "progress", "progress", "completed", "drained"}));
}

BOOST_AUTO_TEST_CASE(an_end_without_the_lock_is_refused_and_changes_nothing) {
  add_waiting("1");
  auto job = take_one();
  job.lock.token = "someone else's";
  const auto before = events().size();
  for (const auto& refused : {complete(job), fail(job), retry(job, {})})
    BOOST_TEST((refused.error().code == Errc::lock_lost));
  BOOST_TEST((release(job).error().code == Errc::lock_lost));
  redis({"DEL", key("1:lock")});
  BOOST_TEST((complete(job).error().code == Errc::lock_lost));
  redis({"DEL", key("1")});
  BOOST_TEST((complete(job).error().code == Errc::job_missing));
  BOOST_TEST(members("active") == Texts{"1"});
  BOOST_TEST(events().size() == before);
  BOOST_TEST(!exists("1"));
}

BOOST_AUTO_TEST_CASE(a_job_that_left_active_is_not_ended) {
  add_waiting("1");
  const auto job = take_one();
  redis({"DEL", key("active")});
  BOOST_TEST((complete(job).error().code == Errc::job_not_active));
  BOOST_TEST(!exists("completed"));
}

BOOST_AUTO_TEST_CASE(pending_children_forbid_completion_and_leave_the_lock) {
  add_waiting("1");
  const auto job = take_one();
  redis({"SADD", key("1:dependencies"), "bull:q:2"});
  BOOST_TEST((complete(job).error().code == Errc::job_has_children));
  BOOST_TEST(exists("1:lock"));
  redis({"DEL", key("1:dependencies")});
  redis({"ZADD", key("1:unsuccessful"), "1", "bull:q:2"});
  BOOST_TEST((complete(job).error().code == Errc::job_children_failed));
}

BOOST_AUTO_TEST_CASE(ending_a_job_takes_the_next_one_along) {
  queue.worker_name = "ann";
  add_waiting("1");
  add_waiting("2");
  const auto next = complete(take_one(), true);
  BOOST_REQUIRE(bool(next));
  BOOST_REQUIRE(next->jobs.size() == 1u);
  BOOST_TEST(next->jobs[0].lock.job_id == "2");
  BOOST_TEST(redis({"GET", key("2:lock")}).text == next->jobs[0].lock.token);
  BOOST_TEST(field("2", "pb") == "ann");
  BOOST_TEST(events("drained").empty());
  const auto none = complete(next->jobs[0], true);
  BOOST_TEST(none->jobs.empty());
  BOOST_TEST(events("drained").size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_queue_is_not_drained_while_others_work_or_jobs_are_delayed) {
  for (const auto* id : {"1", "2"})
    add_waiting(id);
  const auto jobs = take(2);
  BOOST_REQUIRE(bool(complete(jobs[0])));
  BOOST_TEST(events("drained").empty());
  put_job("3");
  redis({"ZADD", key("delayed"), "8000000000000000", "3"});
  const auto last = complete(jobs[1], true);
  BOOST_TEST(last->next_delayed_in.has_value());
  BOOST_TEST(events("drained").empty());
}

BOOST_AUTO_TEST_CASE(removing_on_completion_leaves_only_the_event) {
  for (const auto* keep : {"true", "0", R"({"count":0})"}) {
    add_waiting("1", std::string{R"({"removeOnComplete":)"} + keep + "}");
    const auto job = take_one();
    redis({"RPUSH", key("1:logs"), "row"});
    BOOST_REQUIRE(bool(complete(job)));
    BOOST_TEST(redis({"KEYS", key("1*")}).items.empty(), keep);
    BOOST_TEST(!exists("completed"), keep);
  }
  BOOST_TEST(events("completed").size() == 3u);
}

BOOST_AUTO_TEST_CASE(the_newest_are_kept_by_count_and_the_worker_decides_when_the_job_does_not) {
  queue.keep_completed = 2;
  const std::map<std::string, std::string> opts{
    {"1", "{}"},
    {"2", "{}"},
    {"3", "{}"},
    {"4", R"({"removeOnComplete":false})"},
    {"5", R"({"removeOnComplete":3})"},
  };
  const std::map<std::string, Texts> kept{
    {"2", {"1", "2"}},
    {"3", {"2", "3"}},
    {"4", {"2", "3", "4"}},
    {"5", {"3", "4", "5"}},
  };
  long score = 1;
  for (const auto& [id, options] : opts) {
    add_waiting(id, options);
    BOOST_REQUIRE(bool(complete(take_one())));
    if (const auto found = kept.find(id); found != kept.end())
      BOOST_TEST(members("completed") == found->second);
    redis({"ZADD", key("completed"), std::to_string(score++), id}); // all in one ms otherwise
  }
  BOOST_TEST(!exists("1"));
  BOOST_TEST(!exists("2"));
  BOOST_TEST(exists("3"));
}

BOOST_AUTO_TEST_CASE(old_jobs_go_by_age_at_most_so_many_a_call) {
  for (const auto* id : {"a", "b", "c"}) {
    put_job(id);
    redis({"ZADD", key("failed"), "1000", id});
  }
  add_waiting("1", R"({"removeOnFail":{"age":60,"limit":2}})");
  BOOST_REQUIRE(bool(fail(take_one())));
  BOOST_TEST(members("failed") == (Texts{"c", "1"}));
  BOOST_TEST(!exists("a"));
}

BOOST_AUTO_TEST_CASE(events_stay_trimmed_whatever_the_meta_says) {
  for (const auto* most : {"0", "nonsense"}) {
    redis({"HSET", key("meta"), "opts.maxLenEvents", most});
    add_waiting("1");
    BOOST_TEST(bool(complete(take_one())), most);
    redis({"DEL", key("completed")});
  }
}

BOOST_AUTO_TEST_CASE(a_queue_without_meta_gets_the_event_limit_and_no_version) {
  add_waiting("1");
  BOOST_REQUIRE(bool(complete(take_one())));
  BOOST_TEST(redis({"HGET", key("meta"), "opts.maxLenEvents"}).text == "10000");
  BOOST_TEST(redis({"HLEN", key("meta")}).integer == 1);
}

BOOST_AUTO_TEST_CASE(completions_are_counted_by_the_minute) {
  queue.metrics_points = 3;
  add_waiting("1");
  BOOST_REQUIRE(bool(complete(take_one())));
  BOOST_TEST(redis({"HGET", key("metrics:completed"), "count"}).text == "1");
  BOOST_TEST(!exists("metrics:completed:data"));
  const auto earlier = std::stoll(redis({"HGET", key("metrics:completed"), "prevTS"}).text);
  redis({"HSET", key("metrics:completed"), "prevTS", std::to_string(earlier - 180000)});
  add_waiting("2");
  BOOST_REQUIRE(bool(complete(take_one())));
  BOOST_TEST(members("metrics:completed:data") == (Texts{"0", "0", "1"}));
  BOOST_TEST(redis({"HGET", key("metrics:completed"), "prevCount"}).text == "1");
  redis({"HSET", key("metrics:completed"), "prevTS", std::to_string(earlier - 60000)});
  add_waiting("3");
  BOOST_REQUIRE(bool(complete(take_one())));
  BOOST_TEST(members("metrics:completed:data").size() == 3u);
}

BOOST_AUTO_TEST_CASE(metrics_can_be_off) {
  queue.metrics_points = 0;
  add_waiting("1");
  BOOST_REQUIRE(bool(complete(take_one())));
  BOOST_TEST(!exists("metrics:completed"));
}

BOOST_AUTO_TEST_SUITE_END()
