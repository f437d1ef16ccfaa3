#include "adapters/bullmq/queue_admin.hpp"
#include "adapters/bullmq/scripts.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace {

using Texts = std::vector<std::string>;
using Changes = std::vector<JobChange>;

struct Administering : QueueFixture {
  QueueAdmin admin{client, {"bull", "q"}};

  template <class T>
  T must(Result<T> result) {
    if (!result)
      BOOST_FAIL(result.error().detail);
    return std::move(*result);
  }
  void add_ended(const std::string& state, const std::string& id, const std::string& ended_ms) {
    put_job(id);
    redis({"HSET", key(id), "finishedOn", ended_ms, "processedOn", "1", "atm", "3", "ats", "3",
           "failedReason", "broken", "returnvalue", "null"});
    redis({"ZADD", key(state), ended_ms, id});
  }
  void add_delayed(const std::string& id, const std::string& score = "9999999999999999") {
    put_job(id);
    redis({"HSET", key(id), "delay", "5000"});
    redis({"ZADD", key("delayed"), score, id});
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(queue_admin, Administering)

BOOST_AUTO_TEST_CASE(a_pause_by_version_6_leaves_the_list_and_takes_the_marker) {
  redis({"HSET", key("meta"), "version", "bullmq:6.7.0"});
  add_waiting("1");
  redis({"ZADD", key("marker"), "0", "0"});
  BOOST_TEST(must(admin.pause()));
  BOOST_TEST(members("wait") == Texts{"1"});
  BOOST_TEST(!exists("marker"));
  BOOST_TEST(redis({"HGET", key("meta"), "paused"}).text == "1");
  BOOST_TEST(!must(admin.pause()));
  BOOST_TEST(event_names() == Texts{"paused"});
  BOOST_TEST(must(admin.resume()));
  BOOST_TEST(members("marker") == Texts{"0"});
  BOOST_TEST(!must(admin.resume()));
  BOOST_TEST(event_names() == (Texts{"paused", "resumed"}));
}

BOOST_AUTO_TEST_CASE(a_pause_where_version_5_may_resume_moves_the_jobs_aside) {
  redis({"HSET", key("meta"), "version", "bullmq:5.28.2"});
  add_waiting("1");
  add_waiting("2");
  BOOST_TEST(must(admin.pause()));
  BOOST_TEST(!exists("wait"));
  BOOST_TEST(members("paused") == (Texts{"2", "1"}));
  add_waiting("3"); // as a client of version 6 adds
  BOOST_TEST(must(admin.resume()));
  BOOST_TEST(members("wait") == (Texts{"3", "2", "1"}));
  BOOST_TEST(!exists("paused"));
}

BOOST_AUTO_TEST_CASE(a_resume_merges_long_lists_step_by_step) {
  redis({"HSET", key("meta"), "paused", "1"});
  add_waiting("last");
  for (int i = 0; i < 6000; ++i)
    client.submit({"LPUSH", key("paused"), std::to_string(i)}, [](const auto&) {});
  BOOST_TEST(must(admin.resume()));
  BOOST_TEST(redis({"LLEN", key("wait")}).integer == 6001);
  BOOST_TEST(!exists("paused"));
  BOOST_TEST(!redis({"HEXISTS", key("meta"), "paused"}).integer);
  BOOST_TEST(redis({"LINDEX", key("wait"), "0"}).text == "last");
}

BOOST_AUTO_TEST_CASE(a_resume_with_only_delayed_jobs_wakes_for_the_first) {
  add_delayed("1", "4096000");
  redis({"HSET", key("meta"), "paused", "1"});
  BOOST_TEST(must(admin.resume()));
  BOOST_TEST(redis({"ZSCORE", key("marker"), "1"}).text == "1000");
  BOOST_TEST(redis({"ZSCORE", key("marker"), "0"}).is_nil());
}

BOOST_AUTO_TEST_CASE(a_drain_takes_what_waits_and_on_request_what_is_delayed) {
  add_waiting("1");
  put_job("2");
  redis({"ZADD", key("prioritized"), "5", "2"});
  put_job("3");
  redis({"RPUSH", key("paused"), "3"});
  add_delayed("4");
  add_delayed("repeat:s:7", "28672");
  redis({"HSET", key("repeat:s:7"), "rjk", "s"});
  redis({"ZADD", key("repeat"), "7", "s"});
  BOOST_TEST(must(admin.drain(false)) == 3u);
  for (const auto* id : {"1", "2", "3", "wait", "prioritized", "paused"})
    BOOST_TEST(!exists(id), id);
  BOOST_TEST(exists("4"));
  BOOST_TEST(must(admin.drain(true)) == 1u);
  BOOST_TEST(members("delayed") == Texts{"repeat:s:7"}); // or the scheduler would stop
}

BOOST_AUTO_TEST_CASE(a_drain_of_many_jobs_takes_several_steps) {
  for (int i = 0; i < 2500; ++i) {
    client.submit({"HSET", key(std::to_string(i)), "name", "n"}, [](const auto&) {});
    client.submit({"LPUSH", key("wait"), std::to_string(i)}, [](const auto&) {});
  }
  BOOST_TEST(must(admin.drain(false)) == 2500u);
  BOOST_TEST(redis({"KEYS", key("*")}).items.empty());
}

BOOST_AUTO_TEST_CASE(cleaning_removes_what_is_old_enough_and_says_how_much) {
  add_ended("completed", "1", "1000");
  add_ended("completed", "2", "2000");
  add_ended("completed", "3", "99999999999999");
  redis({"RPUSH", key("1:logs"), "row"});
  BOOST_TEST(must(admin.clean("completed", 1h)) == 2u);
  BOOST_TEST(members("completed") == Texts{"3"});
  BOOST_TEST(!exists("1"));
  BOOST_TEST(!exists("1:logs"));
  const auto cleaned = events("cleaned");
  BOOST_REQUIRE(cleaned.size() == 1u);
  BOOST_TEST(cleaned[0].at("count") == "2");
}

BOOST_AUTO_TEST_CASE(cleaning_passes_over_what_workers_hold_and_schedulers_plan) {
  for (const auto* id : {"1", "2"}) {
    put_job(id);
    redis({"LPUSH", key("active"), id});
  }
  redis({"SET", key("1:lock"), "t"});
  BOOST_TEST(must(admin.clean("active", 0s)) == 1u);
  BOOST_TEST(members("active") == Texts{"1"});
  add_delayed("repeat:s:7");
  redis({"HSET", key("repeat:s:7"), "rjk", "s"});
  redis({"ZADD", key("repeat"), "7", "s"});
  add_delayed("4");
  BOOST_TEST(must(admin.clean("delayed", 0s)) == 1u);
  BOOST_TEST(members("delayed") == Texts{"repeat:s:7"});
}

BOOST_AUTO_TEST_CASE(cleaning_looks_behind_a_thousand_young_jobs) {
  add_waiting("old");
  for (int i = 0; i < 1500; ++i) {
    const auto id = std::to_string(i);
    client.submit({"HSET", key(id), "name", "n", "timestamp", "99999999999999"},
                  [](const auto&) {});
    client.submit({"RPUSH", key("wait"), id}, [](const auto&) {});
  }
  BOOST_TEST(must(admin.clean("waiting", 1h)) == 1u);
  BOOST_TEST(redis({"LLEN", key("wait")}).integer == 1500);
}

BOOST_AUTO_TEST_CASE(nothing_of_a_queue_is_left_when_it_is_obliterated) {
  add_waiting("1", R"({"de":{"id":"d"}})");
  redis({"HSET", key("1"), "deid", "d"});
  redis({"SET", key("de:d"), "1"});
  add_ended("failed", "2", "5");
  add_delayed("3");
  redis({"HSET", key("repeat:s"), "every", "5"});
  redis({"ZADD", key("repeat"), "7", "s"});
  redis({"SET", key("id"), "3"});
  for (int i = 10; i < 1500; ++i)
    client.submit({"ZADD", key("completed"), "1", std::to_string(i)}, [](const auto&) {});
  BOOST_TEST(bool(admin.obliterate(false)));
  BOOST_TEST(redis({"KEYS", "*"}).items.empty());
}

BOOST_AUTO_TEST_CASE(a_queue_at_work_is_obliterated_only_by_force) {
  put_job("1");
  redis({"LPUSH", key("active"), "1"});
  redis({"SET", key("1:lock"), "t"});
  BOOST_TEST((admin.obliterate(false).error().code == Errc::usage));
  BOOST_TEST(exists("1"));
  BOOST_TEST(bool(admin.obliterate(true)));
  BOOST_TEST(redis({"KEYS", "*"}).items.empty());
}

BOOST_AUTO_TEST_CASE(ended_jobs_run_again) {
  add_ended("failed", "1", "5");
  add_ended("completed", "2", "6");
  add_waiting("3");
  const auto changes = must(admin.rerun({"1", "2", "3", "4"}, false));
  BOOST_TEST((changes == Changes{JobChange::done, JobChange::done, JobChange::wrong_state,
                                 JobChange::missing}));
  BOOST_TEST(members("wait") == (Texts{"2", "1", "3"}));
  BOOST_TEST(field("1", "failedReason").empty());
  BOOST_TEST(field("1", "finishedOn").empty());
  BOOST_TEST(field("1", "atm") == "3");
  const auto waiting = events("waiting");
  BOOST_REQUIRE(waiting.size() == 2u);
  BOOST_TEST(waiting[0].at("prev") == "failed");
  BOOST_TEST(waiting[1].at("prev") == "completed");
}

BOOST_AUTO_TEST_CASE(a_fresh_rerun_counts_attempts_anew_and_keeps_the_priority) {
  add_ended("failed", "1", "5");
  redis({"HSET", key("1"), "priority", "4"});
  must(admin.rerun({"1"}, true));
  BOOST_TEST(field("1", "atm").empty());
  BOOST_TEST(field("1", "ats").empty());
  BOOST_TEST(members("prioritized") == Texts{"1"});
}

BOOST_AUTO_TEST_CASE(a_parent_waits_again_for_a_child_that_runs_again) {
  put_job("p");
  redis({"ZADD", key("waiting-children"), "1", "p"});
  redis({"ZADD", key("p:unsuccessful"), "1", "bull:q:1"});
  add_ended("failed", "1", "5");
  redis({"HSET", key("1"), "parentKey", "bull:q:p", "parent", R"({"id":"p","queueKey":"bull:q"})"});
  must(admin.rerun({"1"}, false));
  BOOST_TEST(redis({"SISMEMBER", key("p:dependencies"), "bull:q:1"}).integer == 1);
  BOOST_TEST(!exists("p:unsuccessful"));
}

BOOST_AUTO_TEST_CASE(promoted_jobs_wait_no_longer) {
  add_delayed("1");
  add_delayed("2");
  redis({"HSET", key("2"), "priority", "9"});
  add_waiting("3");
  const auto changes = must(admin.promote({"1", "2", "3", "4"}));
  BOOST_TEST((changes == Changes{JobChange::done, JobChange::done, JobChange::wrong_state,
                                 JobChange::missing}));
  BOOST_TEST(members("wait") == (Texts{"1", "3"}));
  BOOST_TEST(members("prioritized") == Texts{"2"});
  BOOST_TEST(field("1", "delay") == "0");
  BOOST_TEST(events("waiting")[0].at("prev") == "delayed");
}

BOOST_AUTO_TEST_CASE(removing_takes_a_job_from_wherever_it_is_unless_it_is_held) {
  add_waiting("1");
  add_ended("completed", "2", "5");
  put_job("3");
  redis({"LPUSH", key("active"), "3"});
  redis({"SET", key("3:lock"), "t"});
  add_delayed("repeat:s:7");
  redis({"HSET", key("repeat:s:7"), "rjk", "s"});
  redis({"ZADD", key("repeat"), "7", "s"});
  const auto changes = must(admin.remove({"1", "2", "3", "repeat:s:7", "5"}));
  BOOST_TEST((changes == Changes{JobChange::done, JobChange::done, JobChange::held,
                                 JobChange::planned, JobChange::missing}));
  BOOST_TEST(!exists("wait"));
  BOOST_TEST(!exists("completed"));
  BOOST_TEST(exists("3"));
  const auto removed = events("removed");
  BOOST_REQUIRE(removed.size() == 2u);
  BOOST_TEST(removed[0].at("prev") == "waiting");
  BOOST_TEST(removed[1].at("prev") == "completed");
}

BOOST_AUTO_TEST_CASE(removing_a_parent_takes_its_children_and_a_child_frees_its_parent) {
  put_job("p");
  redis({"ZADD", key("waiting-children"), "1", "p"});
  for (const auto* id : {"1", "2"}) {
    add_waiting(id);
    redis(
      {"HSET", key(id), "parentKey", "bull:q:p", "parent", R"({"id":"p","queueKey":"bull:q"})"});
    redis({"SADD", key("p:dependencies"), key(id)});
  }
  must(admin.remove({"1"}));
  BOOST_TEST(members("waiting-children") == Texts{"p"});
  must(admin.remove({"p"}));
  for (const auto* id : {"p", "2", "wait", "waiting-children"})
    BOOST_TEST(!exists(id), id);

  put_job("q");
  redis({"ZADD", key("waiting-children"), "1", "q"});
  add_waiting("3");
  redis({"HSET", key("3"), "parentKey", "bull:q:q", "parent", R"({"id":"q","queueKey":"bull:q"})"});
  redis({"SADD", key("q:dependencies"), key("3")});
  must(admin.remove({"3"}));
  BOOST_TEST(members("wait") == Texts{"q"});
}

BOOST_AUTO_TEST_SUITE_END()
