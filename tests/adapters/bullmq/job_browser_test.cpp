#include "adapters/bullmq/job_browser.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;

namespace job_browser {

struct Browsing : QueueFixture {
  JobBrowser browser{client, {"bull", "q"}};

  Texts ids(const std::string& state, std::uint64_t start, std::uint64_t count) {
    const auto jobs = browser.list(state, start, count);
    BOOST_REQUIRE(bool(jobs));
    Texts found;
    for (const auto& job : *jobs) {
      BOOST_TEST(job.state == state);
      found.push_back(job.id);
    }
    return found;
  }
};

} // namespace job_browser

BOOST_FIXTURE_TEST_SUITE(job_browser, Browsing)

BOOST_AUTO_TEST_CASE(waiting_jobs_are_listed_next_to_run_first) {
  for (const auto* id : {"1", "2", "3", "4"})
    add_waiting(id);
  BOOST_TEST(ids("waiting", 0, 10) == (Texts{"1", "2", "3", "4"}));
  BOOST_TEST(ids("waiting", 1, 2) == (Texts{"2", "3"}));
  BOOST_TEST(ids("waiting", 0, 0).empty());
  BOOST_TEST(ids("waiting", 9, 2).empty());
}

BOOST_AUTO_TEST_CASE(waiting_jobs_in_both_lists_are_one_list) {
  for (const auto* id : {"1", "2"})
    add_waiting(id);
  for (const auto* id : {"3", "4"}) {
    put_job(id);
    redis({"LPUSH", key("paused"), id});
  }
  BOOST_TEST(ids("waiting", 0, 3) == (Texts{"1", "2", "3"}));
  BOOST_TEST(ids("waiting", 1, 9) == (Texts{"2", "3", "4"}));
  BOOST_TEST(ids("waiting", 3, 9) == Texts{"4"});
}

BOOST_AUTO_TEST_CASE(ended_jobs_are_listed_newest_first_and_removed_ones_left_out) {
  for (const auto* id : {"1", "3"})
    put_job(id);
  redis({"ZADD", key("completed"), "10", "1", "20", "2", "30", "3"});
  BOOST_TEST(ids("completed", 0, 10) == (Texts{"3", "1"}));
}

BOOST_AUTO_TEST_CASE(what_is_no_job_is_left_out) {
  put_job("1");
  redis({"SET", key("2"), "x"});
  redis({"ZADD", key("completed"), "10", "1", "20", "2"});
  BOOST_TEST(ids("completed", 0, 10) == Texts{"1"});
}

BOOST_AUTO_TEST_CASE(all_of_a_job_is_shown) {
  put_job("1", R"({"attempts":4})");
  redis({"HSET",         key("1"), "progress",   R"({"page":2})",
         "returnvalue",  "null",   "stacktrace", R"(["x"])",
         "failedReason", "x",      "pb",         "ann",
         "atm",          "2",      "priority",   "3",
         "processedOn",  "11",     "finishedOn", "12",
         "delay",        "13"});
  redis({"ZADD", key("failed"), "12", "1"});
  const auto job = browser.show("1");
  BOOST_REQUIRE(bool(job));
  BOOST_TEST(job->state == "failed");
  BOOST_TEST(job->name == "collect-domain");
  BOOST_TEST(job->domain == "acme.test");
  BOOST_TEST(job->data == R"({"domain":"acme.test"})");
  BOOST_TEST(job->progress == R"({"page":2})");
  BOOST_TEST(job->return_value == "null");
  BOOST_TEST(job->stacktrace == R"(["x"])");
  BOOST_TEST(job->failed_reason == "x");
  BOOST_TEST(job->processed_by == "ann");
  BOOST_TEST(job->attempts_made == 2u);
  BOOST_TEST(job->attempts == 4u);
  BOOST_TEST(job->priority == 3);
  BOOST_TEST(job->timestamp_ms == 1700000000000);
  BOOST_TEST(job->processed_on_ms == 11);
  BOOST_TEST(job->finished_on_ms == 12);
  BOOST_TEST(job->delay_ms == 13);
}

BOOST_AUTO_TEST_CASE(the_state_is_where_the_job_is) {
  const std::map<std::string, std::vector<std::string>> places{
    {"waiting", {"LPUSH", key("wait"), "1"}},
    {"active", {"LPUSH", key("active"), "1"}},
    {"prioritized", {"ZADD", key("prioritized"), "1", "1"}},
    {"delayed", {"ZADD", key("delayed"), "1", "1"}},
    {"completed", {"ZADD", key("completed"), "1", "1"}},
    {"waiting-children", {"ZADD", key("waiting-children"), "1", "1"}},
    {"unknown", {"PING"}},
  };
  for (const auto& [state, command] : places) {
    redis({"FLUSHALL"});
    put_job("1");
    redis(command);
    BOOST_TEST(browser.show("1")->state == state);
  }
  redis({"LPUSH", key("paused"), "1"});
  BOOST_TEST(browser.show("1")->state == "waiting");
}

BOOST_AUTO_TEST_CASE(a_job_that_is_not_there_is_not_found) {
  for (const auto& error : {browser.show("9").error(), browser.logs("9", 0, 5).error()}) {
    BOOST_TEST((error.code == Errc::not_found));
    BOOST_TEST(error.detail.find("'9'") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(logs_come_oldest_first_in_parts) {
  put_job("1");
  BOOST_TEST(browser.logs("1", 0, 5)->rows.empty());
  redis({"RPUSH", key("1:logs"), "a", "b", "c"});
  const auto logs = browser.logs("1", 1, 5);
  BOOST_REQUIRE(bool(logs));
  BOOST_TEST(logs->rows == (Texts{"b", "c"}));
  BOOST_TEST(logs->count == 3u);
  BOOST_TEST(browser.logs("1", 0, 0)->rows.empty());
  BOOST_TEST(browser.logs("1", 0, 0)->count == 3u);
}

BOOST_AUTO_TEST_CASE(counts_need_no_worker) {
  add_waiting("1");
  BOOST_TEST(browser.counts()->waiting == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
