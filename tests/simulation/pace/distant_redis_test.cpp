#include "tests/simulation/pace/pace_model.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>
#include <vector>

/// Redis is far away: what it says arrives late, and where its clock is can't be told exactly.
namespace gleaner::simulation::distant_redis {

using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

struct Windows {
  std::string name;
  std::vector<RateWindow> windows;
};
std::ostream& operator<<(std::ostream& out, const Windows& windows) {
  return out << windows.name;
}

const std::vector<Windows> all_windows{
  {"15/s", {{15, 1s}}},
  {"500/min", {{500, 60s}}},
  {"15/s,500/min", {{15, 1s}, {500, 60s}}},
  {"7/s", {{7, 1s}}},
};
const std::vector<int> delays{0, 40, 250, 330, 700};
const std::vector<int> shares{0, 1, 2}; ///< Halves of the delay that are on the way to Redis.

PaceScene scene_of(const Windows& windows, int delay, int halves) {
  PaceScene scene;
  scene.configured = windows.windows;
  scene.to_redis = Milliseconds{delay * halves / 2};
  scene.from_redis = Milliseconds{delay} - scene.to_redis;
  scene.length = 2min;
  return scene;
}

BOOST_AUTO_TEST_SUITE(distant_redis)

BOOST_DATA_TEST_CASE(who_is_alone_uses_what_is_allowed_however_long_the_way,
                     data::make(all_windows) * data::make(delays) * data::make(shares), windows,
                     delay, halves) {
  auto scene = scene_of(windows, delay, halves);
  scene.redis_jitter = Milliseconds{delay / 5};
  const auto figures = run(scene);
  const auto used = figures.used(0ms, scene.length, scene.configured);
  BOOST_TEST_MESSAGE(windows << ", " << delay << " ms: " << used);
  BOOST_TEST(figures.refused.empty());
  BOOST_TEST(used >= 0.9);
}

BOOST_DATA_TEST_CASE(sharers_with_different_ways_break_no_window,
                     data::make(all_windows) * data::make(delays) * data::make(shares), windows,
                     delay, halves) {
  auto scene = scene_of(windows, delay, halves);
  scene.processes = 3;
  scene.redis_jitter = Milliseconds{delay / 5};
  const auto figures = run(scene);
  const auto used = figures.used(0ms, scene.length, scene.configured);
  BOOST_TEST_MESSAGE(windows << ", " << delay << " ms: " << used);
  BOOST_TEST(figures.refused.empty());
  BOOST_TEST(used >= 0.5);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::simulation::distant_redis
