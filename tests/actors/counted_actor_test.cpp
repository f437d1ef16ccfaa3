#include "actors/counted_actor.hpp"
#include "tests/support/deterministic_system.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <atomic>
#include <thread>

using namespace gleaner;
using namespace gleaner::test;

namespace counted_actor {

using Interface = caf::typed_actor<caf::reacts_to<int>>;

struct State {
  using Self = CountedPointer<State, Interface>;
  static inline const char* name = "Worker";
};

Interface::behavior_type worker(State::Self self, std::atomic<bool>* stuck) {
  return {[self, stuck](int number) {
    if (number < 0)
      self->quit();
    while (*stuck)
      std::this_thread::yield();
  }};
}

const ActorCensus& census() {
  return census_of<State>;
}

struct Fixture : DeterministicSystem {
  std::atomic<bool> stuck{false};
};

} // namespace counted_actor

BOOST_FIXTURE_TEST_SUITE(counted_actor, Fixture)

BOOST_AUTO_TEST_CASE(actors_and_what_waits_for_them_are_counted) {
  {
    const auto one = spawn(worker, &stuck), other = spawn(worker, &stuck);
    run();
    BOOST_TEST(census().alive == 2);
    BOOST_TEST(census().waiting == 0);
    for (int i = 0; i < 5; ++i)
      caf::anon_send(one, i);
    caf::anon_send(other, 0);
    BOOST_TEST(census().waiting == 6);
    run();
    BOOST_TEST(census().waiting == 0);
    caf::anon_send(one, -1);
    caf::anon_send(one, 1); // nobody will take it
    run();
    BOOST_TEST(census().waiting == 0);
    caf::anon_send(other, -1);
    run();
  }
  BOOST_TEST(census().alive == 0);
}

BOOST_AUTO_TEST_CASE(messages_to_an_actor_that_is_stuck_are_seen) {
  stuck = true;
  caf::actor_system_config config;
  caf::actor_system system{config};
  auto actor = system.spawn<caf::detached>(worker, &stuck);
  for (int i = 0; i < 1000; ++i)
    caf::anon_send(actor, i);
  BOOST_TEST(census().waiting >= 999 - 64);
  stuck = false;
  {
    caf::scoped_actor self{system};
    self->monitor(actor);
    self->send(actor, -1);
    self->receive([](const caf::down_msg&) {});
  }
  actor = nullptr;
  system.await_all_actors_done();
  while (census().alive > 0)
    std::this_thread::yield();
  BOOST_TEST(census().waiting == 0);
}

BOOST_AUTO_TEST_SUITE_END()
