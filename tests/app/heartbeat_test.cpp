#include "app/heartbeat.hpp"
#include "tests/support/deterministic_system.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(heartbeat)

BOOST_AUTO_TEST_CASE(a_heart_is_alive_for_as_long_as_it_may_be_silent) {
  Heartbeat patient{1h};
  BOOST_TEST(patient.alive());
  Heartbeat strict{0ms};
  BOOST_TEST(!strict.alive());
  strict.beat();
  BOOST_TEST(!strict.alive());
}

BOOST_FIXTURE_TEST_CASE(a_pulse_beats_again_and_again_whatever_it_is_sent, DeterministicSystem) {
  int beats = 0;
  const auto actor = spawn(pulse, [&] { ++beats; });
  run();
  BOOST_TEST(beats == 0);
  for (int seconds = 2; seconds <= 20; seconds += 2) {
    advance(2s);
    BOOST_TEST(beats == seconds / 2);
  }
  caf::anon_send(actor, 7); // begins the two seconds anew
  advance(2s);
  advance(2s);
  BOOST_TEST(beats >= 11);
}

BOOST_AUTO_TEST_SUITE_END()
