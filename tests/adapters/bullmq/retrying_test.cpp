#include "tests/adapters/bullmq/queue_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(retrying, QueueFixture)

BOOST_AUTO_TEST_CASE(a_retry_at_once_goes_behind_the_others_and_counts) {
  add_waiting("1", R"({"attempts":3})");
  const auto job = take_one();
  add_waiting("2");
  BOOST_REQUIRE(bool(retry(job, 0ms)));
  BOOST_TEST(members("wait") == (Texts{"1", "2"}));
  BOOST_TEST(!exists("active"));
  BOOST_TEST(!exists("1:lock"));
  BOOST_TEST(field("1", "atm") == "1");
  BOOST_TEST(field("1", "failedReason") == "broken");
  BOOST_TEST(events("waiting")[0].at("prev") == "active");
  BOOST_TEST(events("failed").empty());
  BOOST_TEST(members("marker") == Texts{"0"});
}

BOOST_AUTO_TEST_CASE(a_lifo_job_goes_in_front_again) {
  add_waiting("1", R"({"attempts":3,"lifo":true})");
  const auto job = take_one();
  add_waiting("2");
  BOOST_REQUIRE(bool(retry(job, 0ms)));
  BOOST_TEST(members("wait") == (Texts{"2", "1"}));
}

BOOST_AUTO_TEST_CASE(a_prioritized_job_keeps_its_priority) {
  put_job("1");
  redis({"HSET", key("1"), "priority", "3"});
  redis({"ZADD", key("prioritized"), "12884901889", "1"});
  const auto job = take_one();
  redis({"DEL", key("marker")});
  BOOST_REQUIRE(bool(retry(job, 0ms)));
  BOOST_TEST(redis({"ZSCORE", key("prioritized"), "1"}).text == "12884901889");
  BOOST_TEST(members("marker") == Texts{"0"});
}

BOOST_AUTO_TEST_CASE(a_retry_later_waits_in_delayed_until_it_is_due) {
  add_waiting("1");
  BOOST_REQUIRE(bool(retry(take_one(), 300ms)));
  BOOST_TEST(members("delayed") == Texts{"1"});
  BOOST_TEST(field("1", "delay") == "300");
  BOOST_TEST(field("1", "atm") == "1");
  const auto due = std::stoll(events("delayed")[0].at("delay"));
  BOOST_TEST(redis({"ZSCORE", key("delayed"), "1"}).text == std::to_string(due * 4096));
  BOOST_TEST(redis({"ZSCORE", key("marker"), "1"}).text == std::to_string(due));
}

BOOST_AUTO_TEST_CASE(jobs_that_are_due_together_keep_their_order) {
  add_waiting("1");
  const auto job = take_one();
  // Another job is due in each ms that the retry may be due in.
  const auto first = std::stoll(redis({"TIME"}).items[0].text) * 1000 + 3600000;
  std::vector<std::string> add{"ZADD", key("delayed")};
  for (int ms = 0; ms < 20000; ++ms)
    add.insert(add.end(), {std::to_string((first + ms) * 4096 + 5), "x" + std::to_string(ms)});
  redis(add);
  BOOST_REQUIRE(bool(retry(job, 3600000ms)));
  BOOST_TEST(std::stoll(redis({"ZSCORE", key("delayed"), "1"}).text) % 4096 == 6);
}

BOOST_AUTO_TEST_CASE(a_retry_during_a_pause_goes_where_resume_finds_it) {
  for (const auto* version : {"bullmq:5.28.2", "bullmq:6.7.0"}) {
    redis({"FLUSHALL"});
    add_waiting("1");
    const auto job = take_one();
    redis({"DEL", key("marker")});
    redis({"HSET", key("meta"), "paused", "1", "version", version});
    BOOST_REQUIRE(bool(retry(job, 0ms)));
    const bool is_five = std::string{version}.starts_with("bullmq:5");
    BOOST_TEST(members(is_five ? "paused" : "wait") == Texts{"1"}, version);
    BOOST_TEST(!exists("marker"), version);
  }
}

BOOST_AUTO_TEST_CASE(the_stack_keeps_the_last_tries) {
  add_waiting("1", R"({"attempts":9,"stackTraceLimit":2})");
  for (const auto* reason : {"first", "second", "third"})
    BOOST_REQUIRE(bool(retry(take_one(), 0ms, reason)));
  BOOST_TEST(field("1", "stacktrace") == R"(["second","third"])");
  redis({"HSET", key("1"), "opts", R"({"stackTraceLimit":0})"});
  BOOST_REQUIRE(bool(retry(take_one(), 0ms, "fourth")));
  BOOST_TEST(field("1", "stacktrace") == "[]");
}

BOOST_AUTO_TEST_CASE(a_stack_that_is_no_list_of_texts_becomes_one) {
  for (const auto* stored : {"nonsense", "{\"a\":1}", "7", "null", "[1,{},null]"}) {
    add_waiting("1");
    redis({"HSET", key("1"), "stacktrace", stored});
    BOOST_REQUIRE(bool(fail(take_one(), "now")));
    BOOST_TEST(field("1", "stacktrace") == R"(["now"])", stored);
    redis({"DEL", key("failed"), key("1")});
  }
}

BOOST_AUTO_TEST_CASE(a_retry_goes_behind_jobs_that_have_come_due_and_shows_progress) {
  add_waiting("1");
  const auto job = take_one();
  put_job("2");
  redis({"ZADD", key("delayed"), "4096", "2"});
  BOOST_REQUIRE(bool(answer_of<TakeResult>([&](auto reply) {
    writer().retry(job, "broken", 0ms, R"({"p":1})", false, std::move(reply));
  })));
  BOOST_TEST(members("wait") == (Texts{"1", "2"}));
  BOOST_TEST(field("1", "progress") == R"({"p":1})");
}

BOOST_AUTO_TEST_CASE(a_retry_takes_the_next_job_along) {
  add_waiting("1");
  const auto job = take_one();
  add_waiting("2");
  const auto next = answer_of<TakeResult>(
    [&](auto reply) { writer().retry(job, "broken", 0ms, "", true, std::move(reply)); });
  BOOST_REQUIRE(bool(next));
  BOOST_REQUIRE(next->jobs.size() == 1u);
  BOOST_TEST(next->jobs[0].lock.job_id == "2");
}

BOOST_AUTO_TEST_CASE(a_released_job_is_next_and_loses_no_try) {
  add_waiting("1");
  const auto job = take_one();
  add_waiting("2");
  redis({"DEL", key("marker")});
  BOOST_REQUIRE(bool(release(job)));
  BOOST_TEST(members("marker") == Texts{"0"});
  BOOST_TEST(members("wait") == (Texts{"2", "1"}));
  BOOST_TEST(redis({"HEXISTS", key("1"), "atm"}).integer == 0);
  BOOST_TEST(!exists("1:lock"));
  BOOST_TEST(events("waiting")[0].at("prev") == "active");
}

BOOST_AUTO_TEST_CASE(a_released_prioritized_job_leads_its_priority) {
  put_job("1");
  redis({"HSET", key("1"), "priority", "3"});
  redis({"ZADD", key("prioritized"), "12884901892", "1"});
  const auto job = take_one();
  redis({"DEL", key("marker")});
  BOOST_REQUIRE(bool(release(job)));
  BOOST_TEST(redis({"ZSCORE", key("prioritized"), "1"}).text == "12884901888");
  BOOST_TEST(members("marker") == Texts{"0"});
}

BOOST_AUTO_TEST_SUITE_END()
