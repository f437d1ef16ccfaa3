#include "tests/simulation/world/world.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace gleaner::simulation {

BOOST_AUTO_TEST_CASE(a_seed_always_takes_the_same_course) {
  std::set<std::uint64_t> courses;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const auto swarm = draw_swarm(seed);
    const auto first = World{swarm, false}.run(), again = World{swarm, true}.run();
    BOOST_TEST(first.hash == again.hash, "seed " << seed << " took another course");
    BOOST_TEST(first.steps == again.steps);
    courses.insert(first.hash);
  }
  BOOST_TEST(courses.size() == 60u);
}

BOOST_AUTO_TEST_CASE(a_world_without_trouble_ends_soon_and_pays_each_page_once) {
  Swarm quiet;
  quiet.nodes = 2;
  quiet.rows = {9, 2, 5};
  const auto outcome = World{quiet, true}.run();
  BOOST_TEST(outcome.failure == "", outcome.trace);
  BOOST_TEST(outcome.figures.completed == 3u);
  BOOST_TEST(outcome.figures.pages_served == 9u);
  BOOST_TEST(outcome.figures.pages_again == 0u);
}

} // namespace gleaner::simulation
