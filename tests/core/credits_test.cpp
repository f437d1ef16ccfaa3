#include "core/credits.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(credits)

BOOST_AUTO_TEST_CASE(a_search_costs_a_credit_for_every_ten_contacts_rounded_up) {
  BOOST_TEST(search_cost(0) == 0.0);
  BOOST_TEST(search_cost(1) == 1.0);
  BOOST_TEST(search_cost(10) == 1.0);
  BOOST_TEST(search_cost(52) == 6.0); // the help centre's own example
  BOOST_TEST(search_cost(100) == 10.0);
}

BOOST_AUTO_TEST_CASE(a_cap_is_turned_into_the_rows_that_it_is_enough_for) {
  BOOST_TEST(rows_within(10, 100, search_cost) == 100u);
  BOOST_TEST(rows_within(25, 100, search_cost) == 250u);
  BOOST_TEST(rows_within(3, 100, search_cost) == 30u);
  BOOST_TEST(rows_within(5, 25, search_cost) == 45u); // 3 for 25, 2 for 20
  const auto by_request = [](std::uint32_t) { return 1.0; };
  BOOST_TEST(rows_within(3, 100, by_request) == 300u);
  const auto by_contact = [](std::uint32_t contacts) { return double(contacts); };
  BOOST_TEST(rows_within(130, 100, by_contact) == 130u);
}

BOOST_AUTO_TEST_SUITE_END()
