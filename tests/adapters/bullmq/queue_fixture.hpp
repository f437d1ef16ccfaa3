#pragma once

#include "adapters/bullmq/job_holding.hpp"
#include "adapters/bullmq/queue_writer.hpp"
#include "adapters/redis/redis_client.hpp"
#include "tests/support/redis_fixture.hpp"
#include "tests/support/wait_until.hpp"

#include <boost/test/unit_test.hpp>

#include <future>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace gleaner::test {

/// Queue "bull:q" on an empty Redis, a writer for it, and a client that looks at the keys.
class QueueFixture {
public:
  QueueFixture() {
    BOOST_REQUIRE(bool(client.call({"FLUSHALL"})));
    queue.name = "q";
  }

  using Answer = redis::RedisValue;

  /// A command that must succeed.
  Answer redis(std::vector<std::string> args) {
    auto answer = client.call(args);
    if (!answer)
      BOOST_FAIL(args.front() + ": " + answer.error().detail);
    return std::move(*answer);
  }

  static std::string key(const std::string& suffix) { return "bull:q:" + suffix; }
  std::string field(const std::string& id, const std::string& name) {
    return redis({"HGET", key(id), name}).text;
  }
  bool exists(const std::string& suffix) { return redis({"EXISTS", key(suffix)}).integer == 1; }

  /// A list from head to tail, or a sorted set from its lowest score.
  std::vector<std::string> members(const std::string& suffix) {
    const bool is_list = redis({"TYPE", key(suffix)}).text == "list";
    std::vector<std::string> found;
    for (auto& item : redis({is_list ? "LRANGE" : "ZRANGE", key(suffix), "0", "-1"}).items)
      found.push_back(std::move(item.text));
    return found;
  }

  /// As a stock client stores a job; `where` is the command that lists it.
  void put_job(const std::string& id, const std::string& opts = R"({"attempts":0})",
               const std::string& data = R"({"domain":"acme.test"})") {
    redis({"HSET", key(id), "name", "collect-domain", "data", data, "opts", opts, "timestamp",
           "1700000000000", "delay", "0", "priority", "0"});
  }
  void add_waiting(const std::string& id, const std::string& opts = R"({"attempts":0})",
                   const std::string& data = R"({"domain":"acme.test"})") {
    put_job(id, opts, data);
    redis({"LPUSH", key("wait"), id});
  }

  /// Until a connection waits in a blocking command.
  void await_blocked() {
    BOOST_REQUIRE(wait_until([this] {
      return redis({"INFO", "clients"}).text.find("blocked_clients:1") != std::string::npos;
    }));
  }

  /// The event stream, each as its fields.
  std::vector<std::map<std::string, std::string>> events(const std::string& name = "") {
    std::vector<std::map<std::string, std::string>> found;
    for (auto& entry : redis({"XRANGE", key("events"), "-", "+"}).items) {
      std::map<std::string, std::string> fields;
      auto& pairs = entry.items[1].items;
      for (std::size_t i = 0; i + 1 < pairs.size(); i += 2)
        fields[pairs[i].text] = pairs[i + 1].text;
      if (name.empty() || fields["event"] == name)
        found.push_back(std::move(fields));
    }
    return found;
  }
  std::vector<std::string> event_names() {
    std::vector<std::string> names;
    for (auto& event : events())
      names.push_back(event["event"]);
    return names;
  }

  /// Calls `start` with a reply and waits for it.
  template <class T, class Start>
  static Result<T> answer_of(Start start) {
    std::promise<Result<T>> promise;
    start(Reply<T>{[&](Result<T> result) { promise.set_value(std::move(result)); }});
    return promise.get_future().get();
  }

  std::vector<TakenJob> take(std::uint32_t count = 1) { return take_all(count).jobs; }
  TakeResult take_all(std::uint32_t count) {
    auto result =
      answer_of<TakeResult>([&](auto reply) { writer().take(count, std::move(reply)); });
    if (!result)
      BOOST_FAIL(result.error().detail);
    return std::move(*result);
  }
  /// The one job that is there to be taken.
  TakenJob take_one() {
    auto jobs = take(1);
    BOOST_REQUIRE(jobs.size() == 1u);
    return std::move(jobs[0]);
  }
  Result<TakeResult> complete(const TakenJob& job, bool take_next = false) {
    return answer_of<TakeResult>(
      [&](auto reply) { writer().complete(job, R"({"r":1})", "", take_next, std::move(reply)); });
  }
  Result<TakeResult> fail(const TakenJob& job, const std::string& reason = "broken") {
    return answer_of<TakeResult>(
      [&](auto reply) { writer().fail(job, reason, "", false, std::move(reply)); });
  }
  Result<TakeResult> retry(const TakenJob& job, std::chrono::milliseconds delay,
                           const std::string& reason = "broken") {
    return answer_of<TakeResult>(
      [&](auto reply) { writer().retry(job, reason, delay, "", false, std::move(reply)); });
  }
  Status release(const TakenJob& job, std::chrono::milliseconds delay = {}) {
    return answer_of<Done>(
      [&](auto reply) { writer().release(job.lock, delay, std::move(reply)); });
  }
  Result<std::int64_t> checkpoint(const TakenJob& job, const LedgerPage& page,
                                  const std::string& identity = "identity") {
    return answer_of<std::int64_t>([&](auto reply) {
      Progress progress;
      progress.status = ProgressStatus::fetching;
      holding().checkpoint(job.lock, identity, page, {progress}, std::move(reply));
    });
  }
  Result<Ledger> read_ledger(const TakenJob& job, const std::string& identity = "identity") {
    return answer_of<Ledger>(
      [&](auto reply) { holding().read_ledger(job.lock, identity, std::move(reply)); });
  }
  StalledJobs check_stalled() {
    redis({"DEL", key("stalled-check")}); // as if the interval were over
    auto found =
      answer_of<StalledJobs>([&](auto reply) { writer().recover_stalled(std::move(reply)); });
    if (!found)
      BOOST_FAIL(found.error().detail);
    return std::move(*found);
  }

  /// Made at first use, so that a case can change `queue` before.
  bullmq::QueueWriter& writer() {
    if (!writer_)
      writer_ = std::make_unique<bullmq::QueueWriter>(client, queue, token_seed);
    return *writer_;
  }
  bullmq::JobHolding& holding() {
    if (!holding_)
      holding_ = std::make_unique<bullmq::JobHolding>(client, queue);
    return *holding_;
  }

  redis::RedisClient client{shared_redis().config(), ""};
  QueueConfig queue;
  std::string token_seed = "seed";

private:
  std::unique_ptr<bullmq::QueueWriter> writer_;
  std::unique_ptr<bullmq::JobHolding> holding_;
};

/// For BOOST_TEST(list == texts({...})).
using Texts = std::vector<std::string>;

} // namespace gleaner::test
