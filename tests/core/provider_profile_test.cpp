#include "core/provider_profile.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(provider_profile)

BOOST_AUTO_TEST_CASE(a_credit_is_for_every_ten_contacts_begun_and_none_for_nothing) {
  const SearchCost cost;
  BOOST_TEST(cost.credits_for(0) == 0.);
  BOOST_TEST(cost.credits_for(1) == 1.);
  BOOST_TEST(cost.credits_for(10) == 1.);
  BOOST_TEST(cost.credits_for(11) == 2.);
  BOOST_TEST(cost.credits_for(52) == 6.);
  BOOST_TEST(cost.most_credits(100) == 10.);
}

BOOST_AUTO_TEST_CASE(a_contact_may_cost_a_credit_of_its_own) {
  SearchCost cost;
  cost.contacts_per_credit = 1;
  BOOST_TEST(cost.credits_for(0) == 0.);
  BOOST_TEST(cost.credits_for(52) == 52.);
  BOOST_TEST(cost.most_credits(100) == 100.);
}

BOOST_AUTO_TEST_CASE(a_request_costs_the_same_whatever_comes) {
  SearchCost cost;
  cost.per = SearchCost::Per::request;
  cost.credits_per_request = 0.5;
  BOOST_TEST(cost.credits_for(0) == 0.5);
  BOOST_TEST(cost.credits_for(100) == 0.5);
  BOOST_TEST(cost.most_credits(100) == 0.5);
}

BOOST_AUTO_TEST_SUITE_END()
