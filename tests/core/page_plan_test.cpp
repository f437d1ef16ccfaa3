#include "tests/support/page_planning.hpp"

using namespace gleaner;
using namespace gleaner::test;

BOOST_AUTO_TEST_SUITE(page_plan)

BOOST_AUTO_TEST_CASE(only_the_first_page_is_asked_for_until_the_total_is_known) {
  PagePlan plan{{100, 5000, 8, {}}};
  BOOST_TEST(ask(plan) == Offsets{0}, boost::test_tools::per_element());
  BOOST_TEST(!plan.done());
  come(plan, 0, 100, 100, 250);
  BOOST_TEST(ask(plan) == (Offsets{100, 200}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(pages_may_come_in_any_order_and_the_plan_is_done_after_the_last) {
  PagePlan plan{{100, 5000, 8, {}}};
  ask(plan);
  come(plan, 0, 100, 100, 250);
  ask(plan);
  come(plan, 200, 50, 50, 250);
  BOOST_TEST(!plan.done());
  come(plan, 100, 100, 100, 250);
  BOOST_TEST(plan.done());
  BOOST_TEST(plan.truncated() == "");
  BOOST_TEST(plan.pages_fetched() == 3u);
}

BOOST_AUTO_TEST_CASE(a_domain_without_anyone_takes_one_request) {
  PagePlan plan{{100, 5000, 8, {}}};
  ask(plan);
  come(plan, 0, 0, 0, 0);
  BOOST_TEST(ask(plan).empty());
  BOOST_TEST(plan.done());
  BOOST_TEST(plan.truncated() == "");
}

BOOST_AUTO_TEST_CASE(an_exact_multiple_of_the_page_size_takes_no_extra_request) {
  PagePlan plan{{100, 5000, 8, {}}};
  ask(plan);
  come(plan, 0, 100, 100, 200);
  BOOST_TEST(ask(plan) == Offsets{100}, boost::test_tools::per_element());
  come(plan, 100, 100, 100, 200);
  BOOST_TEST(plan.done());
}

BOOST_AUTO_TEST_CASE(no_more_pages_are_in_flight_than_allowed) {
  PagePlan plan{{100, 5000, 3, {}}};
  ask(plan);
  come(plan, 0, 100, 100, 1000);
  BOOST_TEST(ask(plan) == (Offsets{100, 200, 300}), boost::test_tools::per_element());
  come(plan, 200, 100, 100, 1000);
  BOOST_TEST(ask(plan) == Offsets{400}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(max_collect_shortens_the_last_page_and_is_reported) {
  PagePlan plan{{100, 250, 8, {}}};
  ask(plan);
  come(plan, 0, 100, 100, 9000);
  ask(plan);
  BOOST_TEST(plan.slice(200).limit == 50u);
  come(plan, 100, 100, 100, 9000);
  come(plan, 200, 50, 50, 9000);
  BOOST_TEST(plan.done());
  BOOST_TEST(plan.truncated() == "max_collect");
}

BOOST_AUTO_TEST_CASE(a_shrinking_total_stops_early_and_a_growing_one_asks_on) {
  PagePlan shrinking{{100, 5000, 1, {}}};
  ask(shrinking);
  come(shrinking, 0, 100, 100, 400);
  ask(shrinking);
  come(shrinking, 100, 100, 100, 200);
  BOOST_TEST(shrinking.done());
  PagePlan growing{{100, 5000, 1, {}}};
  ask(growing);
  come(growing, 0, 100, 100, 200);
  ask(growing);
  come(growing, 100, 100, 100, 201);
  BOOST_TEST(ask(growing) == Offsets{200}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_empty_page_ends_the_plan_and_is_reported) {
  PagePlan plan{{100, 5000, 2, {}}};
  ask(plan);
  come(plan, 0, 100, 100, 1000);
  ask(plan);
  come(plan, 100, 0, 0, 1000);
  BOOST_TEST(ask(plan).empty());
  come(plan, 200, 0, 0, 1000);
  BOOST_TEST(plan.done());
  BOOST_TEST(plan.truncated() == "ended_early");
}

BOOST_AUTO_TEST_CASE(a_page_without_a_new_address_ends_the_plan) {
  PagePlan plan{{100, 5000, 1, {}}};
  ask(plan);
  come(plan, 0, 100, 100, 1000);
  ask(plan);
  come(plan, 100, 100, 0, 1000);
  BOOST_TEST(plan.done());
  BOOST_TEST(plan.truncated() == "ended_early");
}

BOOST_AUTO_TEST_CASE(short_pages_do_not_shift_the_offsets) {
  PagePlan plan{{100, 5000, 1, {}}};
  ask(plan);
  come(plan, 0, 60, 60, 250);
  BOOST_TEST(ask(plan) == Offsets{100}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(rows_that_were_announced_and_did_not_come_are_reported_and_not_asked_for) {
  PagePlan plan{{100, 5000, 8, {}}};
  ask(plan);
  come(plan, 0, 93, 93, 250);
  BOOST_TEST(ask(plan) == (Offsets{100, 200}), boost::test_tools::per_element());
  come(plan, 100, 93, 93, 250);
  come(plan, 200, 50, 50, 250);
  BOOST_TEST(plan.done());
  BOOST_TEST(plan.truncated() == "short_pages");
}

BOOST_AUTO_TEST_CASE(a_plan_cap_on_the_first_page_asks_once_more_with_the_cap_as_limit) {
  PagePlan plan{{100, 5000, 8, {}}};
  ask(plan);
  BOOST_TEST(plan.capped(0, 10));
  const auto again = plan.next();
  BOOST_REQUIRE(again);
  BOOST_TEST(again->limit == 10u);
  BOOST_TEST(again->offset == 0u);
  come(plan, 0, 10, 10, 81);
  BOOST_TEST(ask(plan).empty());
  BOOST_TEST(plan.done());
  BOOST_TEST(plan.truncated() == "plan_cap");
}

BOOST_AUTO_TEST_CASE(a_plan_cap_in_the_middle_keeps_what_is_there) {
  PagePlan plan{{100, 5000, 8, {}}};
  ask(plan);
  come(plan, 0, 100, 100, 250);
  ask(plan);
  BOOST_TEST(!plan.capped(100, 100));
  come(plan, 200, 50, 50, 250);
  BOOST_TEST(plan.done());
  BOOST_TEST(plan.truncated() == "plan_cap");
}

BOOST_AUTO_TEST_CASE(a_cap_known_from_the_start_is_never_passed) {
  PagePlan plan{{100, 5000, 8, 10}};
  const auto first = plan.next();
  BOOST_REQUIRE(first);
  BOOST_TEST(first->limit == 10u);
  come(plan, 0, 10, 10, 81);
  BOOST_TEST(plan.done());
}

BOOST_AUTO_TEST_CASE(a_plan_of_no_rows_asks_for_nothing_and_is_done) {
  PagePlan plan{{100, 5000, 8, {}, 0}};
  BOOST_TEST(ask(plan).empty());
  BOOST_TEST(plan.done());
  BOOST_TEST(plan.truncated() == "credit_cap");
}

BOOST_AUTO_TEST_CASE(a_page_can_be_asked_for_again) {
  PagePlan plan{{100, 5000, 8, {}}};
  ask(plan);
  plan.retry(0);
  BOOST_TEST(!plan.done());
  BOOST_TEST(ask(plan) == Offsets{0}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_late_copy_of_a_page_changes_nothing) {
  PagePlan plan{{100, 5000, 8, {}}};
  ask(plan);
  BOOST_TEST(plan.fetched(0, 100, 100, 150));
  BOOST_TEST(!plan.fetched(0, 0, 0, 0));
  BOOST_TEST(plan.total() == 150u);
}

BOOST_AUTO_TEST_SUITE_END()
