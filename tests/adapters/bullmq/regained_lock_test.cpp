#include "tests/adapters/bullmq/queue_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace regained_lock {

/// A held job whose lock ran out while its owner could not renew it.
struct Fixture : QueueFixture {
  Fixture() {
    token_seed = "gl1:node:first:30000";
    add_waiting("1");
    job = take_one();
    redis({"DEL", key("1:lock")});
    redis({"SADD", key("stalled"), "1"});
  }

  std::vector<JobId> renew() {
    auto renewal =
      answer_of<Renewal>([&](auto reply) { holding().renew({job.lock}, std::move(reply)); });
    BOOST_REQUIRE(bool(renewal));
    return renewal->lost;
  }
  Status progress() {
    return answer_of<Done>(
      [&](auto reply) { holding().report_progress(job.lock, "{}", std::move(reply)); });
  }
  /// Nothing that the old owner does changes anything.
  void check_lost(const std::string& why) {
    const auto before = redis({"HGETALL", key("1")}).items.size();
    BOOST_TEST(renew() == Texts{"1"}, why);
    BOOST_TEST((progress().error().code == Errc::lock_lost), why);
    BOOST_TEST((checkpoint(job, {0, 100, "page"}).error().code == Errc::lock_lost), why);
    BOOST_TEST((complete(job).error().code == Errc::lock_lost), why);
    BOOST_TEST((release(job).error().code == Errc::lock_lost), why);
    BOOST_TEST(redis({"HGETALL", key("1")}).items.size() == before, why);
    BOOST_TEST(!exists("1:ledger"), why);
  }

  TakenJob job;
};

} // namespace regained_lock

BOOST_FIXTURE_TEST_SUITE(regained_lock, Fixture)

BOOST_AUTO_TEST_CASE(a_renewal_takes_a_lock_again_that_ran_out) {
  BOOST_TEST(renew().empty());
  BOOST_TEST(redis({"GET", key("1:lock")}).text == job.lock.token);
  BOOST_TEST(!exists("stalled"));
  BOOST_TEST(check_stalled().requeued.empty());
}

BOOST_AUTO_TEST_CASE(of_many_locks_that_ran_out_those_are_lost_whose_jobs_were_put_back) {
  std::vector<JobLock> locks{job.lock};
  for (const auto* id : {"2", "3", "4", "5"}) {
    add_waiting(id);
    locks.push_back(take_one().lock);
    redis({"DEL", key(std::string{id} + ":lock")});
  }
  for (const auto* id : {"2", "5"})
    redis({"LREM", key("active"), "1", id});
  const auto renewal =
    answer_of<Renewal>([&](auto reply) { holding().renew(locks, std::move(reply)); });
  BOOST_REQUIRE(bool(renewal));
  BOOST_TEST(renewal->lost == (Texts{"2", "5"}));
  for (const auto* id : {"1", "3", "4"})
    BOOST_TEST(exists(std::string{id} + ":lock"), id);
}

BOOST_AUTO_TEST_CASE(so_does_whatever_comes_before_the_renewal) {
  BOOST_TEST(bool(progress()));
  const auto left = redis({"PTTL", key("1:lock")}).integer;
  BOOST_TEST(left > 25000);
  BOOST_TEST(left <= 30000);
  BOOST_TEST(redis({"GET", key("1:lock")}).text == job.lock.token);
  BOOST_TEST(!exists("stalled"));
  redis({"DEL", key("1:lock")});
  BOOST_TEST(bool(checkpoint(job, {0, 100, "page"})));
  redis({"DEL", key("1:lock")});
  BOOST_TEST(bool(complete(job)));
  BOOST_TEST(members("completed") == Texts{"1"});
  BOOST_TEST(!exists("1:lock"));
}

BOOST_AUTO_TEST_CASE(a_job_that_was_put_back_is_lost) {
  redis({"LREM", key("active"), "1", "1"});
  redis({"RPUSH", key("wait"), "1"});
  check_lost("put back");
  BOOST_TEST(!exists("1:lock"));
}

BOOST_AUTO_TEST_CASE(a_job_that_somebody_else_has_or_had_is_lost) {
  redis({"SET", key("1:lock"), "a stock worker's"});
  check_lost("held by another");
  redis({"DEL", key("1:lock")});
  redis({"HINCRBY", key("1"), "processedOn", "1"}); // whose lock ran out, too
  check_lost("held by another since");
  BOOST_TEST(!exists("1:lock"));
}

BOOST_AUTO_TEST_CASE(the_last_words_of_a_dead_process_regain_nothing_from_its_successor) {
  renew();
  bullmq::QueueWriter started{client, queue, "gl1:node:second:30000"};
  const auto orphans =
    answer_of<StalledJobs>([&](auto reply) { started.recover_own(std::move(reply)); });
  BOOST_TEST(orphans->requeued == Texts{"1"});
  check_lost("put back by the successor");
  redis({"LREM", key("wait"), "1", "1"});
  redis({"LPUSH", key("active"), "1"});
  check_lost("given up by the successor");
}

BOOST_AUTO_TEST_CASE(a_token_that_names_no_life_regains_nothing) {
  for (const auto* seed : {"gl1:node:first", "gl1:node:first:0", "gl1:node:first:-5"}) {
    job.lock.token = seed + (":1:" + std::to_string(job.processed_on_ms));
    check_lost(seed);
    BOOST_TEST(!exists("1:lock"), seed);
  }
}

BOOST_AUTO_TEST_SUITE_END()
