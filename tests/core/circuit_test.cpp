#include "core/circuit.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace std::chrono_literals;

namespace circuit {

struct Fixture {
  void fail(int times, Circuit::Duration asked = {}) {
    for (int i = 0; i < times; ++i)
      opened = breaker.failed(now, "domain-" + std::to_string(i % domains), asked) || opened;
  }
  Circuit breaker;
  Circuit::Time now{1h};
  bool opened = false;
  int domains = 3;
};

} // namespace circuit

BOOST_FIXTURE_TEST_SUITE(circuit, Fixture)

BOOST_AUTO_TEST_CASE(ten_failures_in_a_row_open_it_and_fewer_do_not) {
  fail(9);
  breaker.succeeded();
  fail(9);
  BOOST_TEST(!opened);
  BOOST_TEST((breaker.wait(now) == 0s));
  fail(1);
  BOOST_TEST(opened);
  BOOST_TEST((breaker.wait(now) == 5s));
}

BOOST_AUTO_TEST_CASE(after_the_pause_one_request_finds_out) {
  fail(10);
  now += 5s;
  BOOST_TEST((breaker.wait(now) == 0s));
  breaker.sent();
  BOOST_TEST((breaker.wait(now) == Circuit::Duration::max()));
  breaker.succeeded();
  BOOST_TEST(!breaker.is_open());
  BOOST_TEST((breaker.wait(now) == 0s));
}

BOOST_AUTO_TEST_CASE(the_pause_doubles_up_to_a_minute) {
  fail(10);
  for (const auto pause : {5s, 10s, 20s, 40s, 60s, 60s}) {
    BOOST_TEST((breaker.wait(now) == pause));
    now += pause;
    breaker.sent();
    fail(1);
  }
}

BOOST_AUTO_TEST_CASE(what_was_under_way_when_it_opened_does_not_count_again) {
  fail(20);
  BOOST_TEST((breaker.wait(now) == 5s));
}

BOOST_AUTO_TEST_CASE(a_request_that_was_not_sent_leaves_the_next_one_to_find_out) {
  fail(10);
  now += 5s;
  breaker.sent();
  breaker.returned();
  BOOST_TEST((breaker.wait(now) == 0s));
}

BOOST_AUTO_TEST_CASE(domains_that_always_fail_do_not_open_it_alone) {
  domains = 2;
  fail(100);
  BOOST_TEST(!opened);
  domains = 3;
  fail(3);
  BOOST_TEST(opened);
}

BOOST_AUTO_TEST_CASE(a_success_forgets_which_domains_failed) {
  fail(9);
  breaker.succeeded();
  domains = 2;
  fail(10);
  BOOST_TEST(!opened);
}

BOOST_AUTO_TEST_CASE(the_server_may_ask_for_more) {
  fail(10, 90s);
  BOOST_TEST((breaker.wait(now) == 90s));
}

BOOST_AUTO_TEST_SUITE_END()
