#include "tests/adapters/bullmq/queue_fixture.hpp"

#include <set>

using namespace gleaner;
using namespace gleaner::test;

BOOST_FIXTURE_TEST_SUITE(taking, QueueFixture)

BOOST_AUTO_TEST_CASE(a_taken_job_is_active_locked_and_stamped) {
  queue.worker_name = "ann";
  add_waiting("7", R"({"attempts":3,"backoff":{"type":"exponential","delay":2000}})");
  const auto job = take_one();
  BOOST_TEST(job.lock.job_id == "7");
  BOOST_TEST(job.name == "collect-domain");
  BOOST_TEST(job.domain == "acme.test");
  BOOST_TEST(!job.refusal.has_value());
  BOOST_TEST(job.retry.attempts == 3u);
  BOOST_TEST(job.timestamp_ms == 1700000000000);
  BOOST_TEST(members("active") == Texts{"7"});
  BOOST_TEST(!exists("wait"));
  BOOST_TEST(redis({"GET", key("7:lock")}).text == job.lock.token);
  const auto left = redis({"PTTL", key("7:lock")}).integer;
  BOOST_TEST(left > 0);
  BOOST_TEST(left <= queue.lock_duration.count());
  BOOST_TEST(field("7", "processedOn") == std::to_string(job.processed_on_ms));
  BOOST_TEST(field("7", "ats") == "1");
  BOOST_TEST(field("7", "pb") == "ann");
  const auto active = events("active");
  BOOST_REQUIRE(active.size() == 1u);
  BOOST_TEST(active[0].at("jobId") == "7");
  BOOST_TEST(active[0].at("prev") == "waiting");
}

BOOST_AUTO_TEST_CASE(a_worker_without_a_name_writes_none) {
  add_waiting("1");
  take_one();
  BOOST_TEST(redis({"HEXISTS", key("1"), "pb"}).integer == 0);
}

BOOST_AUTO_TEST_CASE(one_call_takes_many_in_order_each_with_a_token_of_its_own) {
  for (const auto* id : {"1", "2", "3", "4"})
    add_waiting(id);
  const auto jobs = take(3);
  BOOST_REQUIRE(jobs.size() == 3u);
  std::set<std::string> tokens;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    BOOST_TEST(jobs[i].lock.job_id == std::to_string(i + 1));
    tokens.insert(jobs[i].lock.token);
  }
  tokens.insert(take_one().lock.token);
  BOOST_TEST(tokens.size() == 4u);
  BOOST_TEST(tokens.count("0") == 0u);
}

BOOST_AUTO_TEST_CASE(priorities_come_after_plain_jobs_lowest_number_first) {
  for (const auto& [id, score] : {std::pair{"1", "21474836481"}, {"2", "4294967298"}}) {
    put_job(id);
    redis({"ZADD", key("prioritized"), score, id});
  }
  redis({"SET", key("pc"), "2"});
  add_waiting("3");
  Texts order;
  for (const auto& job : take(5))
    order.push_back(job.lock.job_id);
  BOOST_TEST(order == (Texts{"3", "2", "1"}));
  BOOST_TEST(!exists("pc"));
}

BOOST_AUTO_TEST_CASE(nothing_is_taken_while_paused_but_due_jobs_are_promoted) {
  add_waiting("1");
  put_job("2");
  redis({"ZADD", key("delayed"), "4096", "2"});
  redis({"HSET", key("meta"), "paused", "1", "version", "bullmq:6.7.0"});
  BOOST_TEST(take(2).empty());
  BOOST_TEST(members("wait") == (Texts{"2", "1"}));
  BOOST_TEST(!exists("marker"));
}

BOOST_AUTO_TEST_CASE(while_paused_by_bullmq_5_jobs_go_where_its_resume_finds_them) {
  redis({"HSET", key("meta"), "paused", "1", "version", "bullmq:5.28.2"});
  put_job("2");
  redis({"ZADD", key("delayed"), "4096", "2"});
  BOOST_TEST(take(1).empty());
  BOOST_TEST(members("paused") == Texts{"2"});
  BOOST_TEST(!exists("wait"));
}

BOOST_AUTO_TEST_CASE(a_list_of_paused_jobs_decides_over_the_version) {
  redis({"HSET", key("meta"), "paused", "1", "version", "bullmq:6.7.0"});
  put_job("1");
  redis({"LPUSH", key("paused"), "1"});
  put_job("2");
  redis({"ZADD", key("delayed"), "4096", "2"});
  take(1);
  BOOST_TEST(members("paused") == (Texts{"2", "1"}));
}

BOOST_AUTO_TEST_CASE(the_global_concurrency_bounds_what_one_call_takes) {
  redis({"HSET", key("meta"), "concurrency", "2"});
  for (const auto* id : {"1", "2", "3"})
    add_waiting(id);
  BOOST_TEST(take(3).size() == 2u);
  BOOST_TEST(take(1).empty());
}

BOOST_AUTO_TEST_CASE(a_due_job_is_promoted_and_the_next_one_announced) {
  const auto now = std::stoll(redis({"TIME"}).items[0].text) * 1000;
  for (const auto* id : {"1", "2"})
    put_job(id);
  redis({"HSET", key("1"), "delay", "500"});
  redis({"ZADD", key("delayed"), std::to_string((now - 5) * 4096), "1"});
  redis({"ZADD", key("delayed"), std::to_string((now + 60000) * 4096), "2"});
  const auto result = take_all(5);
  BOOST_REQUIRE(result.jobs.size() == 1u);
  BOOST_TEST(result.jobs[0].lock.job_id == "1");
  BOOST_TEST(field("1", "delay") == "0");
  BOOST_REQUIRE(result.next_delayed_in.has_value());
  BOOST_TEST(result.next_delayed_in->count() > 50000);
  BOOST_TEST(result.next_delayed_in->count() <= 60000);
  BOOST_TEST(event_names() == (Texts{"waiting", "active", "progress"}));
  BOOST_TEST(events("waiting")[0].at("prev") == "delayed");
}

BOOST_AUTO_TEST_CASE(fifteen_hundred_due_jobs_need_two_takes) {
  std::vector<std::string> add{"ZADD", key("delayed")};
  for (int i = 1; i <= 1500; ++i) {
    put_job(std::to_string(i));
    add.insert(add.end(), {std::to_string(4096 + i), std::to_string(i)});
  }
  redis(add);
  take_all(0);
  BOOST_TEST(redis({"LLEN", key("wait")}).integer == 1000);
  take_all(0);
  BOOST_TEST(redis({"LLEN", key("wait")}).integer == 1500);
  BOOST_TEST(!exists("delayed"));
  BOOST_TEST(take_one().lock.job_id == "1");
}

BOOST_AUTO_TEST_CASE(a_promoted_job_keeps_its_priority) {
  put_job("1");
  redis({"HSET", key("1"), "priority", "5"});
  redis({"ZADD", key("delayed"), "4096", "1"});
  take_all(0);
  BOOST_TEST(members("prioritized") == Texts{"1"});
  BOOST_TEST(redis({"ZSCORE", key("prioritized"), "1"}).text == "21474836481");
  BOOST_TEST(members("marker") == Texts{"0"});
}

BOOST_AUTO_TEST_CASE(ids_without_a_job_are_dropped) {
  redis({"LPUSH", key("wait"), "ghost", "0:123", "0:0"});
  redis({"SET", key("odd"), "not a hash"});
  redis({"LPUSH", key("wait"), "odd"});
  redis({"ZADD", key("delayed"), "4096", "gone"});
  add_waiting("1");
  BOOST_TEST(take_one().lock.job_id == "1");
  BOOST_TEST(members("active") == Texts{"1"});
  BOOST_TEST(!exists("ghost"));
  BOOST_TEST(!exists("gone"));
  BOOST_TEST(!exists("ghost:lock"));
}

BOOST_AUTO_TEST_CASE(thousands_of_ids_without_a_job_are_dropped_in_several_calls) {
  std::vector<std::string> push{"LPUSH", key("wait")};
  for (int i = 0; i < 1500; ++i)
    push.push_back("ghost" + std::to_string(i));
  redis(push);
  add_waiting("1");
  const auto first = take_all(1);
  BOOST_TEST(first.jobs.empty());
  BOOST_REQUIRE(first.next_delayed_in.has_value());
  BOOST_TEST(first.next_delayed_in->count() == 0);
  BOOST_TEST(take_one().lock.job_id == "1");
}

BOOST_AUTO_TEST_CASE(counters_that_are_no_numbers_do_not_stop_the_queue) {
  add_waiting("1");
  redis({"HSET", key("1"), "ats", "many", "atm", "some", "timestamp", "once"});
  const auto job = take_one();
  BOOST_TEST(field("1", "ats") == "1");
  BOOST_TEST(bool(complete(job)));
  BOOST_TEST(field("1", "atm") == "1");
  BOOST_TEST(members("completed") == Texts{"1"});
}

BOOST_AUTO_TEST_CASE(a_take_wakes_the_next_idle_worker) {
  add_waiting("1");
  take_one();
  BOOST_TEST(members("marker") == Texts{"0"});
  redis({"DEL", key("marker")});
  take(1);
  BOOST_TEST(!exists("marker"));
}

BOOST_AUTO_TEST_CASE(a_deferred_failure_is_the_jobs_refusal) {
  add_waiting("1");
  redis({"HSET", key("1"), "defa", "child bull:q:9 failed"});
  const auto doomed = take_one();
  BOOST_TEST(doomed.refusal.value() == "child bull:q:9 failed");
  BOOST_TEST((doomed.refusal_reason == FailureReason::children));
  add_waiting("2");
  redis({"HSET", key("2"), "defa", "job stalled more than allowable limit"});
  BOOST_TEST((take_one().refusal_reason == FailureReason::poison));
}

BOOST_AUTO_TEST_CASE(data_that_is_too_large_stays_in_redis_and_is_refused) {
  add_waiting("1", "{}", R"({"domain":")" + std::string(70000, 'a') + "\"}");
  const auto job = take_one();
  BOOST_TEST(job.domain.empty());
  BOOST_REQUIRE(job.refusal.has_value());
  BOOST_TEST(job.refusal->find("70013 bytes") != std::string::npos);
  BOOST_TEST(job.refusal->size() < 200u);
}

BOOST_AUTO_TEST_CASE(the_old_name_of_the_attempt_counter_is_read) {
  add_waiting("1");
  redis({"HSET", key("1"), "attemptsMade", "2", "atm", "1"});
  BOOST_TEST(take_one().attempts_made == 2u);
}

BOOST_AUTO_TEST_CASE(keys_follow_a_prefix_and_a_queue_with_hash_tags) {
  queue.prefix = "{app}";
  queue.name = "domains";
  const std::string base = "{app}:domains:";
  redis({"HSET", base + "1", "name", "n", "data", R"({"domain":"a.test"})", "opts", "{}"});
  redis({"LPUSH", base + "wait", "1"});
  BOOST_TEST(take_one().domain == "a.test");
  BOOST_TEST(redis({"EXISTS", base + "1:lock"}).integer == 1);
  for (const auto& name : redis({"KEYS", "*"}).items)
    BOOST_TEST(name.text.starts_with(base));
}

BOOST_AUTO_TEST_SUITE_END()
