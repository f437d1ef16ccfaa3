#include "adapters/profile/profile_reader.hpp"
#include "app/pipeline.hpp"
#include "tests/support/memory_budget.hpp"
#include "tests/support/memory_queue.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/scripted_api.hpp"
#include "tests/support/silent_log.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace gleaner;
using namespace gleaner::test;

namespace pipeline {

/// What the actors work with throws where it must not.
struct ThrowingQueue : MemoryQueue {
  void take(std::uint32_t, Reply<TakeResult>) override { throw std::runtime_error{"no take"}; }
};

struct Fixture {
  bool run(JobQueue& queue) {
    Config config;
    prometheus::Registry registry;
    Metrics metrics{registry, config, "1.2.3"};
    Pipeline pipeline{config,
                      {queue,
                       {{"default", {&api, &budget, nullptr, {}, {}}}},
                       profile::builtin_profile(),
                       store,
                       metrics,
                       log}};
    return pipeline.run().has_value();
  }

  ScriptedApi api;
  MemoryBudget budget;
  MemoryStore store;
  SilentLog log;
};

} // namespace pipeline

BOOST_FIXTURE_TEST_SUITE(pipeline, Fixture)

BOOST_AUTO_TEST_CASE(the_death_of_an_actor_ends_the_process_and_is_told) {
  ThrowingQueue queue;
  BOOST_TEST(!run(queue)); // exit code 1, and whoever has started it starts it again
  BOOST_TEST(log.codes.back() == "actor.down");
}

BOOST_AUTO_TEST_SUITE_END()
