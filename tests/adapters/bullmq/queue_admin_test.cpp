#include "adapters/bullmq/scripts.hpp"
#include "tests/adapters/bullmq/admin_fixture.hpp"

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(queue_admin, AdminFixture)

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

BOOST_AUTO_TEST_CASE(a_drain_leaves_the_next_jobs_of_schedules_wherever_they_are) {
  const auto plan = [&](const std::string& schedule) {
    const auto id = "repeat:" + schedule + ":7";
    redis({"HSET", key(id), "name", "n", "rjk", schedule});
    redis({"ZADD", key("repeat"), "7", schedule});
    return id;
  };
  for (const auto* list : {"wait", "paused"}) {
    put_job(list + std::string{"-1"});
    put_job(list + std::string{"-2"});
    redis({"RPUSH", key(list), list + std::string{"-1"}, plan(list), list + std::string{"-2"}});
  }
  put_job("1");
  redis({"ZADD", key("prioritized"), "1", plan("prioritized"), "2", "1"});
  BOOST_TEST(must(admin.drain(false)) == 5u);
  BOOST_TEST(must(admin.drain(true)) == 0u);
  BOOST_TEST(members("wait") == Texts{"repeat:wait:7"});
  BOOST_TEST(members("paused") == Texts{"repeat:paused:7"});
  BOOST_TEST(members("prioritized") == Texts{"repeat:prioritized:7"});
  for (const auto* id : {"repeat:wait:7", "repeat:paused:7", "repeat:prioritized:7"})
    BOOST_TEST(exists(id), id);
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

BOOST_AUTO_TEST_CASE(cleaning_a_state_of_two_lists_is_told_once) {
  add_waiting("1");
  put_job("2");
  redis({"RPUSH", key("paused"), "2"});
  BOOST_TEST(must(admin.clean("waiting", 0s)) == 2u);
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
  redis({"SET", key("collecting:acme.test"), "1"});
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

BOOST_AUTO_TEST_SUITE_END()
