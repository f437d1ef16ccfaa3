#include "app/top/screen.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner::top;

BOOST_AUTO_TEST_SUITE(screen)

BOOST_AUTO_TEST_CASE(every_line_is_cleared_before_it_is_written) {
  BOOST_TEST(painted({{"one"}, {"two"}}, true) == "\033[1;1H\033[2Kone\033[2;1H\033[2Ktwo");
}

BOOST_AUTO_TEST_CASE(titles_and_alarms_stand_out_only_where_colours_are_wanted) {
  BOOST_TEST(painted({{"t", LineKind::title}}, true) == "\033[1;1H\033[2K\033[1mt\033[0m");
  BOOST_TEST(painted({{"a", LineKind::alarm}}, true) == "\033[1;1H\033[2K\033[1;31ma\033[0m");
  for (const auto kind : {LineKind::title, LineKind::alarm})
    BOOST_TEST(painted({{"x", kind}}, false) == "\033[1;1H\033[2Kx");
}

BOOST_AUTO_TEST_SUITE_END()
