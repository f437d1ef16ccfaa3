#include "app/top/throughput.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner::top;

BOOST_AUTO_TEST_SUITE(throughput)

BOOST_AUTO_TEST_CASE(one_look_says_nothing) {
  Throughput jobs;
  BOOST_TEST(!jobs.per_second());
  jobs.note(1000, 5, 5);
  BOOST_TEST(!jobs.per_second());
  jobs.note(1000, 6, 6);
  BOOST_TEST(!jobs.per_second(), "no time has passed");
}

BOOST_AUTO_TEST_CASE(the_rate_is_that_of_all_looks_within_the_span) {
  Throughput jobs;
  jobs.note(0, 0, {});
  jobs.note(1000, 20, {});
  BOOST_TEST(*jobs.per_second() == 20.0);
  jobs.note(4000, 20, {});
  BOOST_TEST(*jobs.per_second() == 5.0);
  jobs.note(20'000, 20, {});
  BOOST_TEST(*jobs.per_second() == 0.0);
}

BOOST_AUTO_TEST_CASE(jobs_that_are_removed_at_their_end_are_counted_by_the_charts) {
  Throughput jobs;
  jobs.note(0, 100, 1000);
  jobs.note(1000, 100, 1030);
  BOOST_TEST(*jobs.per_second() == 30.0);
}

BOOST_AUTO_TEST_CASE(jobs_that_no_chart_knows_are_counted_by_those_that_are_kept) {
  Throughput jobs;
  jobs.note(0, 100, 1000);
  jobs.note(1000, 140, 1030);
  BOOST_TEST(*jobs.per_second() == 40.0);
}

BOOST_AUTO_TEST_CASE(a_cleaned_queue_is_no_negative_rate) {
  Throughput jobs;
  jobs.note(0, 100, 1000);
  jobs.note(1000, 0, {});
  BOOST_TEST(*jobs.per_second() == 0.0);
}

BOOST_AUTO_TEST_CASE(a_clock_that_went_back_begins_anew) {
  Throughput jobs;
  jobs.note(9000, 100, {});
  jobs.note(5000, 200, {});
  BOOST_TEST(!jobs.per_second());
  jobs.note(6000, 210, {});
  BOOST_TEST(*jobs.per_second() == 10.0);
}

BOOST_AUTO_TEST_SUITE_END()
