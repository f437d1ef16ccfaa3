#include "core/trace_ids.hpp"
#include "core/trace_sampler.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <set>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(trace_sampler)

BOOST_AUTO_TEST_CASE(who_follows_the_parent_does_as_it_does) {
  const TraceContext taken{1, 2, 3, true}, left{1, 2, 3, false};
  for (const double ratio : {0.0, 0.5, 1.0}) {
    BOOST_TEST((TraceSampler{true, ratio}.takes(taken, 1)));
    BOOST_TEST((!TraceSampler{true, ratio}.takes(left, 1)));
  }
  BOOST_TEST((TraceSampler{false, 1}.takes(left, 1)));
  BOOST_TEST((!TraceSampler{false, 0}.takes(taken, 1)));
}

BOOST_AUTO_TEST_CASE(a_trace_without_a_parent_is_taken_by_the_ratio) {
  BOOST_TEST((TraceSampler{true, 1}.takes({}, ~std::uint64_t{0})));
  BOOST_TEST((!TraceSampler{true, 0}.takes({}, 0)));
  // The same as in OpenTelemetry's libraries: half of the ids are below.
  BOOST_TEST((TraceSampler{true, 0.5}.takes({}, 0x7fffffffffff0000)));
  BOOST_TEST((!TraceSampler{true, 0.5}.takes({}, 0x8000000000000000)));
}

BOOST_AUTO_TEST_CASE(the_ratio_is_that_of_the_traces_that_are_taken) {
  TraceIds ids{1};
  const TraceSampler sampler{true, 0.1};
  int taken = 0;
  for (int i = 0; i < 100000; ++i)
    taken += sampler.takes({}, ids.next()) ? 1 : 0;
  BOOST_TEST(taken > 9500);
  BOOST_TEST(taken < 10500);
}

BOOST_AUTO_TEST_CASE(ids_are_not_drawn_twice_and_differ_with_the_seed) {
  TraceIds ids{1}, others{2};
  std::set<std::uint64_t> drawn;
  for (int i = 0; i < 10000; ++i) {
    drawn.insert(ids.next());
    drawn.insert(others.next());
  }
  BOOST_TEST(drawn.size() == 20000u);
  BOOST_TEST(!drawn.contains(0));
}

BOOST_AUTO_TEST_SUITE_END()
