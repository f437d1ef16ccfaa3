#include "app/quota_plan.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace std::chrono_literals;

namespace quota_plan {

QuotaPlan plan(std::optional<double> credits = {}, CreditCaps caps = {}) {
  ApiConfig config;
  config.max_collect = 250;
  ApiKey key;
  key.limits = {{15, 1s}, {500, 1min}};
  key.caps = caps;
  return {config, key, SearchCost{}, credits};
}

} // namespace quota_plan

using namespace quota_plan;

BOOST_AUTO_TEST_SUITE(quota_plan)

BOOST_AUTO_TEST_CASE(pages_and_credits_are_those_of_a_job) {
  auto planned = plan();
  planned.add(52, 1);
  BOOST_TEST(planned.pages() == 1u);
  BOOST_TEST(planned.credits() == 6.0);
  planned.add(0, 2); // the first page tells
  BOOST_TEST(planned.pages() == 2u);
  planned.add(4000, 3); // cut by max_collect
  BOOST_TEST(planned.pages() == 5u);
  BOOST_TEST(planned.contacts() == 302u);
  BOOST_TEST(planned.credits() == 31.0);
  BOOST_TEST(!planned.exceeds());
}

BOOST_AUTO_TEST_CASE(the_line_at_which_the_credits_run_out_is_told) {
  auto planned = plan(15);
  planned.add(100, 4);
  BOOST_TEST(!planned.exceeds());
  planned.add(60, 9);
  planned.add(10, 11);
  BOOST_TEST(planned.runs_out_at().value_or(0) == 9u);
}

BOOST_AUTO_TEST_CASE(a_jobs_cap_counts) {
  CreditCaps caps;
  caps.per_job = 3;
  auto planned = plan({}, caps);
  planned.add(200, 1);
  BOOST_TEST(planned.contacts() == 30u);
  BOOST_TEST(planned.credits() == 3.0);
}

BOOST_AUTO_TEST_CASE(the_tightest_window_says_how_long_it_takes) {
  auto planned = plan();
  BOOST_TEST((planned.least_time() == 0ms));
  for (std::uint64_t line = 1; line <= 500; ++line)
    planned.add(1, line);
  BOOST_TEST((planned.least_time() == 33s)); // 15 a second
  planned.add(1, 501);
  BOOST_TEST((planned.least_time() == 60s)); // the second minute begins
}

BOOST_AUTO_TEST_CASE(what_may_be_spent_is_what_the_account_has_above_the_floor_if_that_is_known) {
  ApiAccount account;
  BOOST_TEST(!spendable(account, {}));
  account.credits_remaining = 40;
  CreditCaps caps;
  BOOST_TEST(spendable(account, caps).value_or(-1) == 40.);
  caps.floor = 15;
  BOOST_TEST(spendable(account, caps).value_or(-1) == 25.);
  caps.floor = 90;
  BOOST_TEST(spendable(account, caps).value_or(-1) == 0.);
  account.credits_remaining = 100;
  account.remaining_is_estimate = true;
  BOOST_TEST(spendable(account, caps).value_or(-1) == 10.); // what is shown counts
}

BOOST_AUTO_TEST_CASE(nothing_of_a_frozen_account_may_be_spent) {
  ApiAccount account;
  account.standing = AccountStanding::frozen;
  account.credits_remaining = 0;
  account.remaining_is_estimate = true; // as old plans have it
  BOOST_TEST(spendable(account, {}).value_or(-1) == 0.);
  auto planned = plan(spendable(account, {}));
  planned.add(5, 1);
  BOOST_TEST(planned.exceeds());
}

BOOST_AUTO_TEST_SUITE_END()
