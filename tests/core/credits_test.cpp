#include "core/credits.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(credits)

BOOST_AUTO_TEST_CASE(a_cap_is_turned_into_the_rows_that_it_is_enough_for) {
  BOOST_TEST(rows_within(10, 100, SearchCost{}) == 100u);
  BOOST_TEST(rows_within(25, 100, SearchCost{}) == 250u);
  BOOST_TEST(rows_within(3, 100, SearchCost{}) == 30u);
  BOOST_TEST(rows_within(5, 25, SearchCost{}) == 45u); // 3 for 25, 2 for 20
  const SearchCost by_request{SearchCost::Per::request, 10, 1};
  BOOST_TEST(rows_within(3, 100, by_request) == 300u);
  const SearchCost by_contact{SearchCost::Per::contacts, 1, 1};
  BOOST_TEST(rows_within(130, 100, by_contact) == 130u);
}

BOOST_AUTO_TEST_CASE(all_caps_but_that_of_a_job_are_shared) {
  CreditCaps caps;
  caps.per_job = 5;
  BOOST_TEST(!caps.shared());
  for (const auto cap : {&CreditCaps::per_day, &CreditCaps::per_month, &CreditCaps::floor}) {
    CreditCaps one;
    one.*cap = 5;
    BOOST_TEST(one.shared());
  }
}

BOOST_AUTO_TEST_SUITE_END()
