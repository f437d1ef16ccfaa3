#include "adapters/bullmq/bullmq_queue.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"
#include "tests/support/silent_log.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;

/// One queue object in the hands of several threads: the preset tsan looks on.
namespace several_threads {

constexpr int callers = 4, calls = 50;

struct Fixture : QueueFixture {
  static void from_several(const std::function<void()>& call) {
    std::vector<std::thread> threads;
    for (int i = 0; i < callers; ++i)
      threads.emplace_back([&] {
        for (int j = 0; j < calls; ++j)
          call();
      });
    for (auto& thread : threads)
      thread.join();
  }

  void keep(const Result<TakeResult>& taken) {
    const std::lock_guard guard{mutex};
    for (const auto& job : taken ? taken->jobs : std::vector<TakenJob>{}) {
      ids.insert(job.lock.job_id);
      tokens.insert(job.lock.token);
    }
    ++answers;
  }

  SilentLog log;
  std::mutex mutex;
  std::set<std::string> ids, tokens;
  std::atomic<int> answers{0};
};

} // namespace several_threads

BOOST_FIXTURE_TEST_SUITE(several_threads, Fixture)

BOOST_AUTO_TEST_CASE(takes_at_the_same_time_give_each_job_once) {
  for (int i = 0; i < callers * calls; ++i)
    add_waiting(std::to_string(i));
  BullmqQueue jobs{shared_redis().config(), queue, "seed", log};
  from_several([&] {
    jobs.take(1, [&](const Result<TakeResult>& taken) { keep(taken); });
    (void)jobs.connected();
  });
  BOOST_TEST(wait_until([&] { return answers == callers * calls; }));
  BOOST_TEST(ids.size() == static_cast<std::size_t>(callers * calls));
  BOOST_TEST(tokens.size() == ids.size());
}

BOOST_AUTO_TEST_CASE(takes_that_get_lost_are_remembered_while_others_begin) {
  auto nowhere = shared_redis().config();
  nowhere.url += ".gone";
  BullmqQueue jobs{nowhere, queue, "seed", log};
  from_several([&] { jobs.take(1, [&](const Result<TakeResult>& taken) { keep(taken); }); });
  BOOST_TEST(wait_until([&] { return answers == callers * calls; }));
  BOOST_TEST(ids.empty());
}

BOOST_AUTO_TEST_SUITE_END()
