#include "core/api_answer.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(api_answer)

BOOST_AUTO_TEST_CASE(an_odd_reset_date_is_not_shown_as_it_came) {
  ApiAccount account;
  BOOST_TEST(show_reset(account) == "");
  account.reset_date = "2026-12-01";
  BOOST_TEST(show_reset(account) == "2026-12-01");
  account.reset_date = "2026-99-99";
  BOOST_TEST(show_reset(account) == "unreadable");
}

BOOST_AUTO_TEST_SUITE_END()
