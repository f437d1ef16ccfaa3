#include "adapters/bullmq/lost_takes.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace recovery {

/// Passes commands on, and tells the caller that it was cut off after some of them.
class LossyPort final : public redis::CommandPort {
public:
  explicit LossyPort(redis::CommandPort& real) : real_(real) {}

  void submit(std::vector<std::string> args, redis::RedisReply reply,
              std::optional<std::chrono::milliseconds> deadline) override {
    const bool lose = losing;
    real_.submit(
      std::move(args),
      [lose, reply = std::move(reply)](Result<redis::RedisValue> value) {
        if (lose)
          reply(Error{Errc::redis_unavailable, "cut off"});
        else
          reply(std::move(value));
      },
      deadline);
  }
  void interrupt() override {}
  bool connected() const noexcept override { return true; }
  bool can_block() const noexcept override { return true; }

  bool losing = false;

private:
  redis::CommandPort& real_;
};

struct Fixture : QueueFixture {
  LossyPort port{client};

  Result<TakeResult> take_by(QueueWriter& writer, std::uint32_t count) {
    return answer_of<TakeResult>([&](auto reply) { writer.take(count, std::move(reply)); });
  }
  StalledJobs recover_own(QueueWriter& writer) {
    auto found = answer_of<StalledJobs>([&](auto reply) { writer.recover_own(std::move(reply)); });
    BOOST_REQUIRE(bool(found));
    return *found;
  }
  bool was_ended(const char* outcome, const std::string& value) {
    return *answer_of<bool>(
      [&](auto reply) { writer().was_ended("1", outcome, value, std::move(reply)); });
  }
};

using Runs = std::vector<LostTakes::Run>;

} // namespace recovery

BOOST_FIXTURE_TEST_SUITE(recovery, Fixture)

BOOST_AUTO_TEST_CASE(lost_takes_that_touch_are_one_run_and_are_handed_over_once) {
  LostTakes lost;
  lost.add(10, 5);
  lost.add(1, 3);
  lost.add(15, 1);
  lost.add(4, 6);
  lost.add(30, 0);
  BOOST_TEST((lost.take() == Runs{{1, 15}}));
  BOOST_TEST(lost.take().empty());
}

BOOST_AUTO_TEST_CASE(jobs_of_a_take_whose_answer_was_lost_come_with_the_next_take) {
  QueueWriter writer{port, queue, "seed"};
  for (const auto* id : {"1", "2", "3"})
    add_waiting(id);
  port.losing = true;
  BOOST_REQUIRE(!take_by(writer, 2));
  port.losing = false;
  const auto found = take_by(writer, 3);
  BOOST_REQUIRE(found);
  BOOST_REQUIRE(found->jobs.size() == 3u);
  for (const auto& job : found->jobs) {
    BOOST_TEST(redis({"GET", key(job.lock.job_id + ":lock")}).text == job.lock.token);
    BOOST_TEST(redis({"HGET", key(job.lock.job_id), "processedOn"}).text ==
               std::to_string(job.processed_on_ms));
  }
  BOOST_TEST(members("active").size() == 3u);
  BOOST_TEST(take_by(writer, 3)->jobs.empty());
}

BOOST_AUTO_TEST_CASE(the_job_taken_with_an_end_whose_answer_was_lost_is_not_forgotten) {
  QueueWriter writer{port, queue, "seed"};
  add_waiting("1");
  add_waiting("2");
  const auto first = take_by(writer, 1)->jobs[0];
  port.losing = true;
  BOOST_REQUIRE(!answer_of<TakeResult>(
    [&](auto reply) { writer.complete(first, "{}", "", true, std::move(reply)); }));
  port.losing = false;
  const auto found = take_by(writer, 1);
  BOOST_REQUIRE(found->jobs.size() == 1u);
  BOOST_TEST(found->jobs[0].lock.job_id == "2");
}

BOOST_AUTO_TEST_CASE(nobody_elses_jobs_are_reclaimed) {
  QueueWriter writer{port, queue, "seed"};
  add_waiting("1");
  add_waiting("2");
  BOOST_REQUIRE(take(1).size() == 1u); // "seed:1" of another writer
  redis({"SET", key("1:lock"), "seedling:1"});
  port.losing = true;
  BOOST_REQUIRE(!take_by(writer, 1));
  port.losing = false;
  const auto found = take_by(writer, 5);
  BOOST_REQUIRE(found->jobs.size() == 1u);
  BOOST_TEST(found->jobs[0].lock.job_id == "2");
}

BOOST_AUTO_TEST_CASE(a_node_that_starts_again_puts_back_what_its_last_process_held) {
  QueueWriter killed{client, queue, "gl1:node:first:30000"};
  QueueWriter other{client, queue, "gl1:node2:first:30000"};
  add_waiting("1");
  add_waiting("2");
  add_waiting("3");
  BOOST_REQUIRE(take_by(killed, 1));
  BOOST_REQUIRE(take_by(other, 1));
  QueueWriter started{client, queue, "gl1:node:second:30000"};
  BOOST_REQUIRE(take_by(started, 1));
  const auto found = recover_own(started);
  BOOST_TEST(found.requeued == Texts{"1"}, boost::test_tools::per_element());
  BOOST_TEST(members("wait") == Texts{"1"});
  BOOST_TEST(members("active").size() == 2u);
  BOOST_TEST(redis({"HGET", key("1"), "stc"}).text == "1");
  BOOST_TEST(!exists("1:lock"));
  BOOST_TEST(recover_own(started).requeued.empty());
}

BOOST_AUTO_TEST_CASE(the_last_words_of_a_dead_process_take_nothing_from_its_successor) {
  QueueWriter killed{client, queue, "gl1:node:first:30000"};
  QueueWriter started{client, queue, "gl1:node:second:30000"};
  add_waiting("1");
  BOOST_REQUIRE(take_by(started, 1)->jobs.size() == 1u);
  BOOST_TEST(recover_own(killed).requeued.empty());
  BOOST_TEST(exists("1:lock"));
}

BOOST_AUTO_TEST_CASE(a_job_that_kills_its_node_again_and_again_fails) {
  add_waiting("1");
  for (int start = 0; start < 3; ++start) {
    QueueWriter killed{client, queue, "gl1:node:" + std::to_string(start) + ":30000"};
    recover_own(killed);
    BOOST_REQUIRE(take_by(killed, 1)->jobs.size() == 1u);
  }
  QueueWriter last{client, queue, "gl1:node:last:30000"};
  BOOST_TEST(recover_own(last).failed == Texts{"1"}, boost::test_tools::per_element());
  BOOST_TEST(members("failed") == Texts{"1"});
}

BOOST_AUTO_TEST_CASE(an_end_that_was_carried_out_can_be_looked_up) {
  add_waiting("1");
  const auto job = take_one();
  BOOST_TEST(!was_ended("completed", R"({"r":1})"));
  BOOST_REQUIRE(complete(job));
  BOOST_TEST(was_ended("completed", R"({"r":1})"));
  BOOST_TEST(!was_ended("completed", R"({"r":2})"));
  BOOST_TEST(!was_ended("failed", "broken"));
}

BOOST_AUTO_TEST_CASE(failures_and_retries_can_be_looked_up_too) {
  add_waiting("1");
  auto job = take_one();
  BOOST_REQUIRE(retry(job, 0ms, "first"));
  BOOST_TEST(was_ended("retried", "first"));
  job = take_one();
  BOOST_TEST(!was_ended("retried", "second"));
  BOOST_REQUIRE(fail(job, "second"));
  BOOST_TEST(was_ended("failed", "second"));
}

BOOST_AUTO_TEST_CASE(an_end_of_a_job_that_was_not_to_be_kept_is_found_among_the_events) {
  queue.keep_completed = 0;
  add_waiting("1");
  const auto job = take_one();
  BOOST_TEST(!was_ended("completed", R"({"r":1})"));
  BOOST_REQUIRE(complete(job));
  BOOST_TEST(!exists("1"));
  BOOST_TEST(was_ended("completed", R"({"r":1})"));
  BOOST_TEST(!was_ended("completed", R"({"r":2})"));
}

BOOST_AUTO_TEST_CASE(a_parked_job_is_delayed_and_loses_no_attempt) {
  add_waiting("1");
  const auto job = take_one();
  BOOST_REQUIRE(bool(release(job, 10s)));
  BOOST_TEST(members("delayed") == Texts{"1"});
  BOOST_TEST(redis({"HGET", key("1"), "delay"}).text == "10000");
  BOOST_TEST(redis({"HEXISTS", key("1"), "atm"}).integer == 0);
  BOOST_TEST(!exists("1:lock"));
  BOOST_TEST(take(1).empty());
}

BOOST_AUTO_TEST_SUITE_END()
