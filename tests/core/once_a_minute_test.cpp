#include "core/once_a_minute.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(once_a_minute)

BOOST_AUTO_TEST_CASE(the_first_is_told_and_then_one_a_minute) {
  OnceAMinute told;
  const OnceAMinute::Time start{};
  BOOST_TEST(told.due(start));
  BOOST_TEST(!told.due(start));
  BOOST_TEST(!told.due(start + 59s));
  BOOST_TEST(told.due(start + 60s));
  BOOST_TEST(!told.due(start + 119s));
  BOOST_TEST(told.due(start + 10min));
}

BOOST_AUTO_TEST_SUITE_END()
