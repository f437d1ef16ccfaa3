#include "tests/adapters/bullmq/queue_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace ledger {

struct Fixture : QueueFixture {
  TakenJob taken() {
    add_waiting("1");
    return take_one();
  }
};

const std::string fetching =
  R"({"status":"fetching","page":0,"collected":0,"total":0,"progress":0})";
} // namespace ledger

BOOST_FIXTURE_TEST_SUITE(ledger, Fixture)

BOOST_AUTO_TEST_CASE(a_page_is_kept_with_progress_lock_and_stall_count_in_one_step) {
  const auto job = taken();
  redis({"HSET", key("1"), "stc", "2", "stalledCounter", "1"});
  redis({"SADD", key("stalled"), "1"});
  redis({"PEXPIRE", key("1:lock"), "1000"});
  const auto at = checkpoint(job, {100, 50, std::string("a\0b", 3)});
  BOOST_REQUIRE(at);
  BOOST_TEST(*at >= job.processed_on_ms);
  BOOST_TEST(redis({"HGET", key("1"), "progress"}).text == fetching);
  BOOST_TEST(redis({"PTTL", key("1:lock")}).integer > 1000);
  BOOST_TEST(redis({"HEXISTS", key("1"), "stc"}).integer == 0);
  BOOST_TEST(redis({"HEXISTS", key("1"), "stalledCounter"}).integer == 0);
  BOOST_TEST(redis({"SCARD", key("stalled")}).integer == 0);
  const auto ttl = redis({"PTTL", key("1:ledger")}).integer;
  BOOST_TEST(ttl > 6 * 86400000);
  BOOST_TEST(ttl <= 7 * 86400000);
  const auto kept = read_ledger(job);
  BOOST_REQUIRE(kept);
  BOOST_TEST(kept->at_ms == *at);
  BOOST_REQUIRE(kept->pages.size() == 1u);
  BOOST_TEST(kept->pages[0].offset == 100u);
  BOOST_TEST(kept->pages[0].limit == 50u);
  BOOST_TEST(kept->pages[0].packed == std::string("a\0b", 3));
}

BOOST_AUTO_TEST_CASE(a_worker_without_the_lock_keeps_nothing_and_changes_nothing) {
  const auto job = taken();
  BOOST_REQUIRE(checkpoint(job, {0, 100, "first"}));
  redis({"SET", key("1:lock"), "another worker's", "PX", "30000"});
  redis({"HSET", key("1"), "progress", "theirs"});
  BOOST_TEST((checkpoint(job, {100, 100, "second"}).error().code == Errc::lock_lost));
  BOOST_TEST((read_ledger(job).error().code == Errc::lock_lost));
  BOOST_TEST(redis({"HLEN", key("1:ledger")}).integer == 3);
  BOOST_TEST(redis({"HGET", key("1"), "progress"}).text == "theirs");
  BOOST_TEST(redis({"GET", key("1:lock")}).text == "another worker's");
  redis({"DEL", key("1:lock")});
  BOOST_TEST((checkpoint(job, {100, 100, "second"}).error().code == Errc::lock_lost));
  redis({"DEL", key("1")});
  BOOST_TEST((checkpoint(job, {100, 100, "second"}).error().code == Errc::job_missing));
}

BOOST_AUTO_TEST_CASE(whoever_takes_the_job_again_learns_how_many_pages_there_are) {
  const auto job = taken();
  BOOST_TEST(job.ledger_pages == 0u);
  BOOST_REQUIRE(checkpoint(job, {0, 100, "one"}));
  BOOST_REQUIRE(checkpoint(job, {100, 100, "two"}));
  BOOST_REQUIRE(checkpoint(job, {100, 100, "two"})); // repeated after a lost answer
  BOOST_REQUIRE(bool(release(job)));
  const auto again = take_one();
  BOOST_TEST(again.ledger_pages == 2u);
  BOOST_TEST(read_ledger(again)->pages.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_page_that_is_kept_twice_is_no_later_one) {
  const auto job = taken();
  const auto first = checkpoint(job, {0, 100, "one"});
  BOOST_REQUIRE(first);
  redis({"HINCRBY", key("1:ledger"), "at", "-5000"}); // as if that had been a while ago
  const auto second = checkpoint(job, {0, 100, "one"});
  BOOST_REQUIRE(second);
  BOOST_TEST(*second == *first - 5000);
  const auto changed = checkpoint(job, {0, 100, "mended"});
  BOOST_REQUIRE(changed);
  BOOST_TEST(*changed >= *first);
  BOOST_TEST(read_ledger(job)->pages[0].packed == "mended");
}

BOOST_AUTO_TEST_CASE(pages_of_an_earlier_job_with_the_same_id_are_not_handed_out) {
  const auto job = taken();
  BOOST_REQUIRE(checkpoint(job, {0, 100, "old"}, "earlier job"));
  BOOST_TEST(read_ledger(job, "this job")->pages.empty());
  BOOST_REQUIRE(checkpoint(job, {100, 100, "new"}, "this job"));
  const auto kept = read_ledger(job, "this job");
  BOOST_REQUIRE(kept->pages.size() == 1u);
  BOOST_TEST(kept->pages[0].packed == "new");
}

BOOST_AUTO_TEST_CASE(a_completed_job_leaves_no_ledger_and_a_failed_one_its_pages) {
  auto job = taken();
  BOOST_REQUIRE(checkpoint(job, {0, 100, "one"}));
  BOOST_REQUIRE(bool(fail(job)));
  BOOST_TEST(exists("1:ledger"));
  redis({"ZREM", key("failed"), "1"});
  redis({"LPUSH", key("wait"), "1"});
  job = take_one();
  BOOST_TEST(job.ledger_pages == 1u);
  BOOST_REQUIRE(bool(complete(job)));
  BOOST_TEST(!exists("1:ledger"));
}

BOOST_AUTO_TEST_CASE(a_ledger_that_is_turned_off_keeps_the_lock_and_the_progress_only) {
  queue.ledger = false;
  const auto job = taken();
  BOOST_REQUIRE(checkpoint(job, {0, 100, "one"}));
  BOOST_TEST(!exists("1:ledger"));
  BOOST_TEST(redis({"HGET", key("1"), "progress"}).text == fetching);
}

BOOST_AUTO_TEST_CASE(a_ledger_that_somebody_else_wrote_is_replaced) {
  const auto job = taken();
  redis({"SET", key("1:ledger"), "text"});
  BOOST_TEST(read_ledger(job)->pages.empty());
  BOOST_REQUIRE(checkpoint(job, {0, 100, "one"}));
  redis({"HSET", key("1:ledger"), "x", "1 ?", "100", "?", "200", "", "", "1 ?", "+1", "1 ?", "300",
         "-1 ?"});
  const auto pages = read_ledger(job)->pages;
  BOOST_REQUIRE(pages.size() == 4u); // what can't be read is no page to whoever unpacks it
  BOOST_TEST(pages[1].packed == "?");
  BOOST_TEST(pages[3].packed == "-1 ?");
}

BOOST_AUTO_TEST_SUITE_END()
