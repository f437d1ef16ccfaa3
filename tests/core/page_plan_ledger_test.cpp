#include "tests/support/page_planning.hpp"

using namespace gleaner;
using namespace gleaner::test;

BOOST_AUTO_TEST_SUITE(page_plan_ledger)

BOOST_AUTO_TEST_CASE(a_page_that_is_not_kept_takes_up_its_place_and_holds_the_end_back) {
  PagePlan plan{{100, 5000, 2, {}}};
  ask(plan);
  BOOST_TEST(plan.fetched(0, 100, 100, 300));
  BOOST_TEST(ask(plan) == Offsets{100}, boost::test_tools::per_element());
  BOOST_TEST(plan.fetched(100, 100, 100, 300));
  BOOST_TEST(ask(plan).empty());
  BOOST_TEST(plan.kept(100));
  BOOST_TEST(!plan.kept(100));
  BOOST_TEST(ask(plan) == Offsets{200}, boost::test_tools::per_element());
  come(plan, 200, 100, 100, 300);
  BOOST_TEST(!plan.done());
  BOOST_TEST(plan.kept(0));
  BOOST_TEST(plan.done());
}

BOOST_AUTO_TEST_CASE(the_total_of_the_furthest_page_counts_whatever_came_last) {
  PagePlan plan{{100, 5000, 8, {}}};
  ask(plan);
  come(plan, 0, 100, 100, 300);
  ask(plan);
  come(plan, 200, 100, 100, 301);
  come(plan, 100, 100, 100, 300);
  BOOST_TEST(plan.total() == 301u);
  BOOST_TEST(ask(plan) == Offsets{300}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(restored_pages_are_not_asked_for_again) {
  PagePlan plan{{100, 5000, 8, {}}};
  BOOST_TEST(plan.restored(0, 100, 100, 100, 450));
  BOOST_TEST(plan.restored(200, 100, 100, 100, 450));
  BOOST_TEST(!plan.done());
  BOOST_TEST(ask(plan) == (Offsets{100, 300, 400}), boost::test_tools::per_element());
  BOOST_TEST(plan.slice(300).number == 4u);
  BOOST_TEST(plan.pages_fetched() == 2u);
  for (const auto offset : {100u, 300u})
    come(plan, offset, 100, 100, 450);
  BOOST_TEST(!plan.done());
  come(plan, 400, 50, 50, 450);
  BOOST_TEST(plan.done());
  BOOST_TEST(plan.truncated() == "");
}

BOOST_AUTO_TEST_CASE(a_whole_ledger_leaves_nothing_to_ask_for) {
  PagePlan plan{{100, 5000, 8, {}}};
  for (const auto offset : {0u, 100u, 200u})
    BOOST_TEST(plan.restored(offset, 100, 100, 100, 300));
  BOOST_TEST(ask(plan).empty());
  BOOST_TEST(plan.done());
  PagePlan empty{{100, 5000, 8, {}}};
  BOOST_TEST(empty.restored(0, 100, 0, 0, 0));
  BOOST_TEST(ask(empty).empty());
  BOOST_TEST(empty.done());
}

BOOST_AUTO_TEST_CASE(pages_of_another_size_are_completed_by_what_is_missing) {
  PagePlan plan{{100, 5000, 8, {}}};
  BOOST_TEST(plan.restored(0, 30, 30, 30, 250));
  BOOST_TEST(plan.restored(60, 30, 30, 30, 250));
  BOOST_TEST(!plan.restored(80, 30, 30, 30, 250)); // overlaps
  BOOST_TEST(ask(plan) == (Offsets{30, 90, 190}), boost::test_tools::per_element());
  BOOST_TEST(plan.slice(30).limit == 30u);
  BOOST_TEST(plan.slice(90).limit == 100u);
}

BOOST_AUTO_TEST_CASE(a_ledger_without_its_first_page_asks_for_it) {
  PagePlan plan{{100, 5000, 8, {}}};
  BOOST_TEST(plan.restored(100, 100, 100, 100, 300));
  BOOST_TEST(ask(plan) == (Offsets{0, 200}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(restored_pages_end_the_plan_as_fetched_ones_do) {
  PagePlan empty{{100, 5000, 8, {}}};
  BOOST_TEST(empty.restored(0, 100, 100, 100, 1000));
  BOOST_TEST(empty.restored(100, 100, 0, 0, 1000));
  BOOST_TEST(ask(empty).empty());
  BOOST_TEST(empty.done());
  PagePlan repeating{{100, 5000, 8, {}}};
  BOOST_TEST(repeating.restored(0, 100, 100, 100, 1000));
  BOOST_TEST(repeating.restored(100, 100, 100, 0, 1000));
  BOOST_TEST(ask(repeating).empty());
  BOOST_TEST(repeating.truncated() == "ended_early");
}

BOOST_AUTO_TEST_CASE(what_a_restored_page_left_out_is_asked_for_and_kept_like_a_page) {
  PagePlan plan{{100, 5000, 8, {}}};
  for (const auto offset : {0u, 100u})
    BOOST_TEST(plan.restored(offset, 100, 100, 100, 400));
  BOOST_TEST(plan.restored(200, 100, 30, 30, 400)); // then the credits were used up
  BOOST_TEST(ask(plan) == (Offsets{230, 300}), boost::test_tools::per_element());
  BOOST_TEST(plan.slice(230).limit == 70u);
  BOOST_TEST(plan.slice(230).number == 3u);
  come(plan, 300, 100, 100, 400);
  BOOST_TEST(!plan.done());
  come(plan, 230, 70, 70, 400);
  BOOST_TEST(plan.done());
  BOOST_TEST(plan.truncated() == "");
  PagePlan later{{100, 5000, 8, {}}};
  BOOST_TEST(later.restored(200, 100, 30, 30, 400));
  BOOST_TEST(later.restored(230, 70, 40, 40, 400)); // they were again
  BOOST_TEST(!later.restored(240, 30, 30, 30, 400));
  BOOST_TEST(ask(later) == (Offsets{270, 0, 100, 300}), boost::test_tools::per_element());
  BOOST_TEST(later.slice(270).limit == 30u);
}

BOOST_AUTO_TEST_CASE(one_rest_without_a_new_address_shows_that_pages_are_short_anyway) {
  PagePlan plan{{100, 5000, 8, {}}};
  for (const auto offset : {0u, 100u, 200u})
    BOOST_TEST(plan.restored(offset, 100, 93, 93, 300));
  BOOST_TEST(ask(plan) == Offsets{93}, boost::test_tools::per_element());
  come(plan, 93, 0, 0, 300);
  BOOST_TEST(ask(plan).empty());
  BOOST_TEST(plan.done());
  BOOST_TEST(plan.truncated() == "short_pages");
  PagePlan later{{100, 5000, 8, {}}};
  BOOST_TEST(later.restored(0, 100, 93, 93, 300));
  BOOST_TEST(later.restored(93, 7, 0, 0, 300));
  BOOST_TEST(later.restored(100, 100, 93, 93, 300));
  BOOST_TEST(ask(later) == Offsets{200}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(
  a_rest_that_comes_makes_way_for_the_next_and_a_smaller_page_takes_it_in_parts) {
  PagePlan plan{{25, 5000, 8, {}}};
  BOOST_TEST(plan.restored(0, 100, 60, 60, 250));
  BOOST_TEST(plan.restored(100, 150, 140, 140, 250));
  BOOST_TEST(ask(plan) == Offsets{60}, boost::test_tools::per_element());
  come(plan, 60, 25, 25, 250);
  BOOST_TEST(ask(plan) == Offsets{85}, boost::test_tools::per_element());
  plan.retry(85);
  BOOST_TEST(ask(plan) == Offsets{85}, boost::test_tools::per_element());
  come(plan, 85, 15, 15, 250);
  BOOST_TEST(ask(plan) == Offsets{240}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
