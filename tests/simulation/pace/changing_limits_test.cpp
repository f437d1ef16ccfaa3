#include "tests/simulation/pace/pace_model.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>
#include <vector>

/// The provider changes its windows; `15/s, 500/min` are configured. Figures count from ten seconds
/// after a change, as in the fault test `pace`.
namespace gleaner::simulation::changing_limits {

using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

constexpr auto phase = 60s;
constexpr auto settling = 10s;
constexpr std::size_t most_refused = 3;

struct Tightening {
  std::string name;
  std::vector<RateWindow> windows;
};
std::ostream& operator<<(std::ostream& out, const Tightening& tightening) {
  return out << tightening.name;
}

const std::vector<Tightening> tightenings{
  {"a half", {{7, 1s}, {250, 60s}}},
  {"a third", {{5, 1s}, {166, 60s}}},
  {"a fifth", {{3, 1s}, {100, 60s}}},
  {"the minute alone", {{15, 1s}, {250, 60s}}},
  {"the second alone, to a half", {{7, 1s}, {500, 60s}}},
  {"the second alone, to a fifth", {{3, 1s}, {500, 60s}}},
};

struct Parts {
  double tight, wide;
  std::size_t refused_tight, refused_wide;
};

/// The windows are tightened at `from` and widened a minute later.
Parts change(PaceScene scene, const Tightening& to, Milliseconds from) {
  const auto widened = from + phase, end = widened + phase;
  scene.changes = {{from, to.windows}, {widened, scene.configured}};
  scene.length = end;
  const auto figures = run(scene);
  const Parts parts{figures.used(from + settling, widened, to.windows),
                    figures.used(widened + settling, end, scene.configured),
                    figures.refused_from(from, widened), figures.refused_from(widened, end)};
  BOOST_TEST_MESSAGE(to.name << " at " << from.count() << " ms: " << parts.tight << " and "
                             << parts.wide << ", refused " << parts.refused_tight << " and "
                             << parts.refused_wide);
  BOOST_TEST(figures.refused_from(Milliseconds{0}, from) == 0u);
  return parts;
}

BOOST_AUTO_TEST_SUITE(changing_limits)

BOOST_DATA_TEST_CASE(most_of_what_is_allowed_is_used_and_little_refused, data::make(tightenings),
                     to) {
  const auto parts = change({}, to, 60200ms);
  BOOST_TEST(parts.tight >= 0.9);
  BOOST_TEST(parts.wide >= 0.9);
  BOOST_TEST(parts.refused_tight <= most_refused);
  BOOST_TEST(parts.refused_wide <= most_refused);
}

/// At other times it is not known at first which window is meant, which costs one refusal more.
BOOST_DATA_TEST_CASE(it_matters_little_when_they_change, data::make(tightenings), to) {
  double tight = 0, wide = 0;
  std::size_t count = 0;
  for (auto from = 60500ms; from < 120s; from += 4333ms, ++count) {
    PaceScene scene;
    scene.processes = 1 + count % 4;
    scene.jitter = 20ms;
    scene.seed = count;
    const auto parts = change(scene, to, from);
    BOOST_TEST(parts.refused_tight <= most_refused + 2);
    BOOST_TEST(parts.refused_wide <= most_refused);
    tight += parts.tight;
    wide += parts.wide;
  }
  BOOST_TEST(tight / static_cast<double>(count) >= 0.8);
  BOOST_TEST(wide / static_cast<double>(count) >= 0.8);
}

BOOST_AUTO_TEST_CASE(windows_that_do_not_change_are_used_and_nothing_is_refused) {
  PaceScene scene;
  scene.processes = 3;
  scene.jitter = 40ms;
  const auto figures = run(scene);
  BOOST_TEST(figures.refused.empty());
  BOOST_TEST(figures.used(0ms, scene.length, scene.configured) >= 0.98);
}

BOOST_AUTO_TEST_CASE(who_else_uses_the_key_is_left_his_part) {
  PaceScene scene;
  scene.others_per_second = 4;
  scene.others_until = scene.length = 10min;
  const auto figures = run(scene);
  BOOST_TEST(figures.refused.size() <= 20u);    // two a minute
  BOOST_TEST(figures.admitted.size() >= 1200u); // of 2,600 that are left
}

BOOST_AUTO_TEST_CASE(a_key_that_is_refused_for_good_is_asked_ever_less) {
  PaceScene scene;
  scene.changes = {{30s, {{1, 24h}}}};
  scene.length = 10min;
  const auto figures = run(scene);
  BOOST_TEST(figures.refused.size() <= 14u); // one a minute after the fifth
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::simulation::changing_limits
