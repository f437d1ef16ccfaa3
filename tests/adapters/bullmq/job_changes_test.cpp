#include "tests/adapters/bullmq/admin_fixture.hpp"

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;

using Changes = std::vector<JobChange>;

BOOST_FIXTURE_TEST_SUITE(job_changes, AdminFixture)

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
  BOOST_TEST(removed[0].at("prev") == "wait"); // as BullMQ says it
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
