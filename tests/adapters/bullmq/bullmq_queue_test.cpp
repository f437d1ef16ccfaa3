#include "adapters/bullmq/bullmq_queue.hpp"
#include "adapters/bullmq/scripts.hpp"
#include "adapters/bullmq/worker_connection.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"
#include "tests/support/silent_log.hpp"

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace bullmq_queue {

struct WholeQueue : QueueFixture {
  WholeQueue() { queue.worker_name = "ann"; }

  /// The JobQueue as actors see it.
  BullmqQueue& jobs() {
    if (!jobs_)
      jobs_ = std::make_unique<BullmqQueue>(shared_redis().config(), queue, "seed", log);
    return *jobs_;
  }
  TakenJob take_from_queue() {
    auto taken = answer_of<TakeResult>([&](auto reply) { jobs().take(1, std::move(reply)); });
    BOOST_REQUIRE(bool(taken));
    BOOST_REQUIRE(taken->jobs.size() == 1u);
    return std::move(taken->jobs[0]);
  }
  Result<TakeResult> end(const TakenJob& job, const JobEnd& how) {
    return answer_of<TakeResult>(
      [&](auto reply) { jobs().end(job, how, false, std::move(reply)); });
  }
  /// What comes after an answer, such as a look at what is wrong, is over.
  Texts told() {
    static_cast<void>(
      answer_of<QueueCounts>([&](auto reply) { jobs().count_jobs(std::move(reply)); }));
    return log.codes;
  }
  std::future<Status> wait(std::chrono::milliseconds timeout) {
    auto promise = std::make_shared<std::promise<Status>>();
    jobs().wait_for_work(timeout, [promise](Status done) { promise->set_value(std::move(done)); });
    return promise->get_future();
  }

  SilentLog log;

private:
  std::unique_ptr<BullmqQueue> jobs_;
};

} // namespace bullmq_queue

BOOST_FIXTURE_TEST_SUITE(bullmq_queue, WholeQueue)

BOOST_AUTO_TEST_CASE(a_job_goes_through_with_progress_log_and_result) {
  add_waiting("1");
  const auto job = take_from_queue();
  Progress progress;
  progress.domain = "acme.test";
  BOOST_TEST(bool(answer_of<Done>(
    [&](auto reply) { jobs().report_progress(job.lock, progress, std::move(reply)); })));
  BOOST_TEST(field("1", "progress") == R"({"status":"starting","domain":"acme.test"})");
  BOOST_TEST(
    bool(answer_of<Done>([&](auto reply) { jobs().add_log(job.lock, "row", std::move(reply)); })));
  JobEnd how;
  how.kind = JobEnd::Kind::completed;
  how.result = {"acme.test", 5, 5, "2026-01-01T00:00:00.000Z", ""};
  progress.status = ProgressStatus::completed;
  progress.items_saved = 5;
  progress.total = 5;
  how.progress = progress;
  BOOST_REQUIRE(bool(end(job, how)));
  BOOST_TEST(field("1", "returnvalue") == R"({"success":true,"domain":"acme.test",)"
                                          R"("itemsCollected":5,"total":5,)"
                                          R"("collectedAt":"2026-01-01T00:00:00.000Z"})");
  BOOST_TEST(field("1", "progress") ==
             R"({"status":"completed","domain":"acme.test","itemsSaved":5,"total":5})");
  BOOST_TEST(members("1:logs") == Texts{"row"});
  BOOST_TEST(jobs().connected());
}

BOOST_AUTO_TEST_CASE(each_kind_of_end_puts_the_job_where_it_belongs) {
  const std::map<JobEnd::Kind, std::string> places{
    {JobEnd::Kind::completed, "completed"},
    {JobEnd::Kind::failed, "failed"},
    {JobEnd::Kind::retried_now, "wait"},
    {JobEnd::Kind::retried_later, "delayed"},
  };
  for (const auto& [kind, place] : places) {
    redis({"FLUSHALL"});
    add_waiting("1");
    JobEnd how;
    how.kind = kind;
    how.failed_reason = "broken";
    how.delay = kind == JobEnd::Kind::retried_later ? 60s : 0s;
    BOOST_REQUIRE(bool(end(take_from_queue(), how)));
    BOOST_TEST(members(place) == Texts{"1"});
  }
}

BOOST_AUTO_TEST_CASE(a_new_job_ends_the_wait) {
  auto waited = wait(10s);
  await_blocked();
  redis({"ZADD", key("marker"), "0", "0"});
  BOOST_TEST(bool(waited.get()));
}

BOOST_AUTO_TEST_CASE(a_wait_ends_with_its_time_also_when_that_is_none) {
  BOOST_TEST(bool(wait(0ms).get()));
}

BOOST_AUTO_TEST_CASE(a_wait_can_be_cut_short_and_begun_again) {
  auto waited = wait(10s);
  await_blocked();
  jobs().stop_waiting();
  BOOST_TEST(!bool(waited.get()));
  BOOST_TEST(bool(wait(2ms).get()));
}

BOOST_AUTO_TEST_CASE(only_the_waiting_connection_is_named_as_a_worker) {
  add_waiting("1");
  take_from_queue();
  BOOST_TEST(bool(wait(2ms).get()));
  const auto clients = redis({"CLIENT", "LIST"}).text;
  const std::string name = " name=bull:cQ==:w:ann ";
  const auto first = clients.find(name);
  BOOST_TEST(first != std::string::npos);
  BOOST_TEST(clients.find(name, first + 1) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_that_redis_refuses_are_changed) {
  queue.worker_name = "ann's worker \xC3\xA9";
  BOOST_TEST(worker_connection_name(queue) == "bull:cQ==:w:ann's-worker---");
  BOOST_TEST(bool(wait(2ms).get()));
  queue.worker_name = "";
  queue.name = "domain-collection";
  BOOST_TEST(worker_connection_name(queue) == "bull:ZG9tYWluLWNvbGxlY3Rpb24=");
}

BOOST_AUTO_TEST_CASE(a_server_that_forgot_the_scripts_is_taught_again) {
  add_waiting("1");
  const auto job = take_from_queue();
  redis({"SCRIPT", "FLUSH"});
  JobEnd how;
  how.kind = JobEnd::Kind::completed;
  BOOST_TEST(bool(end(job, how)));
  BOOST_TEST(members("completed") == Texts{"1"});
}

BOOST_AUTO_TEST_CASE(a_new_connection_knows_all_scripts_before_the_first_call) {
  redis({"SCRIPT", "FLUSH"});
  BOOST_TEST(
    bool(answer_of<QueueCounts>([&](auto reply) { jobs().count_jobs(std::move(reply)); })));
  for (const auto* name : {"add", "take", "renew", "progress", "checkpoint", "ledger", "log",
                           "release", "finish", "retry", "stalled", "counts"}) {
    const auto known = redis({"SCRIPT", "EXISTS", script(name).sha});
    BOOST_TEST(known.items[0].integer == 1, name);
  }
}

BOOST_AUTO_TEST_CASE(calls_are_carried_out_in_order) {
  add_waiting("1");
  const auto job = take_from_queue();
  Progress progress;
  std::promise<Status> told;
  jobs().report_progress(job.lock, progress, [&](Status done) { told.set_value(std::move(done)); });
  JobEnd how;
  how.kind = JobEnd::Kind::completed;
  BOOST_TEST(bool(end(job, how)));
  BOOST_TEST(bool(told.get_future().get()));
}

BOOST_AUTO_TEST_CASE(a_marker_that_is_something_else_is_told_once_and_its_waits_take_their_time) {
  redis({"SET", key("marker"), "x"});
  for (int i = 0; i < 3; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(bool(wait(50ms).get()));
    BOOST_TEST((std::chrono::steady_clock::now() - begin >= 50ms));
  }
  BOOST_TEST(told() == Texts{"queue.damaged"});
}

BOOST_AUTO_TEST_CASE(a_queue_that_cannot_be_looked_after_is_told_once) {
  redis({"SET", key("failed"), "x"});
  for (int i = 0; i < 3; ++i) {
    redis({"DEL", key("stalled-check")});
    BOOST_TEST(
      !answer_of<StalledJobs>([&](auto reply) { jobs().recover_stalled(std::move(reply)); }));
    BOOST_TEST(!answer_of<QueueCounts>([&](auto reply) { jobs().count_jobs(std::move(reply)); }));
  }
  BOOST_TEST(told() == Texts{"queue.damaged"});
}

BOOST_AUTO_TEST_CASE(calls_under_way_when_the_queue_goes_are_answered) {
  std::atomic<int> answers{0};
  {
    BullmqQueue brief{shared_redis().config(), queue, "brief", log};
    brief.wait_for_work(10s, [&](const Status&) { ++answers; });
    for (int i = 0; i < 100; ++i)
      brief.take(1, [&](const Result<TakeResult>&) { ++answers; });
  }
  BOOST_TEST(answers == 101);
}

BOOST_AUTO_TEST_CASE(what_belongs_to_nothing_is_put_right_call_by_call) {
  put_job("lost");
  const auto reconcile = [&] {
    return answer_of<Reconciliation>([&](auto reply) { jobs().reconcile(std::move(reply)); });
  };
  BOOST_TEST(reconcile()->jobs == 0u);
  BOOST_TEST(reconcile()->jobs == 1u);
  BOOST_TEST(members("wait") == Texts{"lost"});
  redis({"DEL", key("wait")});
  redis({"SET", key("wait"), "x"});
  BOOST_TEST((reconcile().error().code == Errc::redis_refused));
  BOOST_TEST(told() == Texts{"queue.damaged"});
}

BOOST_AUTO_TEST_SUITE_END()
