#include "core/elastic_pool.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace std::chrono_literals;

namespace elastic_pool {

struct Fixture {
  ElasticPool<int> pool{2, 4, 10s};
  ElasticPool<int>::Time now{};
  int made = 0;
  std::optional<int> acquire() {
    return pool.acquire([this] { return ++made; });
  }
};

} // namespace elastic_pool

BOOST_FIXTURE_TEST_SUITE(elastic_pool, Fixture)

BOOST_AUTO_TEST_CASE(workers_are_made_as_needed_up_to_the_maximum) {
  for (int i = 1; i <= 4; ++i)
    BOOST_TEST(acquire().value() == i);
  BOOST_TEST(!acquire());
  BOOST_TEST(pool.busy() == 4u);
}

BOOST_AUTO_TEST_CASE(an_idle_worker_is_used_before_a_new_one_is_made) {
  const auto first = acquire().value();
  pool.release(first, now);
  BOOST_TEST(acquire().value() == first);
  BOOST_TEST(made == 1);
}

BOOST_AUTO_TEST_CASE(workers_above_the_minimum_leave_after_idling_long_enough) {
  for (int i = 0; i < 4; ++i)
    acquire();
  for (int worker = 1; worker <= 4; ++worker)
    pool.release(worker, now);
  BOOST_TEST(pool.retire(now + 9s).empty());
  BOOST_TEST(pool.retire(now + 10s).size() == 2u);
  BOOST_TEST(pool.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_lower_maximum_holds_for_those_that_are_idle_too) {
  for (int i = 0; i < 3; ++i)
    acquire();
  pool.release(1, now);
  pool.set_max(2);
  BOOST_TEST(!acquire());
  pool.release(2, now);
  BOOST_TEST(acquire().has_value());
  BOOST_TEST(!acquire());
  pool.set_max(5);
  BOOST_TEST(acquire().has_value());
}

BOOST_AUTO_TEST_CASE(a_dead_worker_makes_room_for_another) {
  for (int i = 0; i < 4; ++i)
    acquire();
  pool.remove_busy();
  BOOST_TEST(acquire().value() == 5);
  pool.release(5, now);
  pool.remove_idle([](int worker) { return worker == 5; });
  BOOST_TEST(pool.size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
