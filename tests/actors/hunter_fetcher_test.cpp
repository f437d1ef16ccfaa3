#include "tests/support/fetcher_fixture.hpp"
#include "tests/support/print_error.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(hunter_fetcher_actor, FetcherFixture)

BOOST_AUTO_TEST_CASE(no_request_is_sent_before_its_permit) {
  api.script = {ScriptedApi::page("body")};
  ask();
  BOOST_TEST(governor.count<PermitWanted>() == 1u);
  BOOST_TEST(api.requests.empty());
  grant();
  BOOST_REQUIRE(api.requests.size() == 1u);
  BOOST_TEST(api.requests[0].domain == "acme.test");
  BOOST_TEST(api.requests[0].offset == 100u);
  BOOST_TEST(api.requests[0].limit == 50u);
  BOOST_REQUIRE(coordinator.count<PageFetched>() == 1u);
  BOOST_TEST(coordinator.last<PageFetched>().body.view() == "body");
}

BOOST_AUTO_TEST_CASE(a_throttled_page_is_asked_for_again_after_the_backoff_with_a_new_permit) {
  api.script = {ScriptedApi::status(403, "rate_limit", "slow down"), ScriptedApi::page("ok")};
  ask();
  grant();
  BOOST_REQUIRE(coordinator.count<PageDelayed>() == 1u);
  BOOST_TEST(coordinator.last<PageDelayed>().wait.count() == 1000);
  advance(999ms);
  BOOST_TEST(governor.count<PermitWanted>() == 1u);
  advance(1ms);
  BOOST_TEST(governor.count<PermitWanted>() == 2u);
  grant();
  BOOST_TEST(coordinator.count<PageFetched>() == 1u);
  BOOST_TEST(metrics.throttled.Value() == 1.0);
}

BOOST_AUTO_TEST_CASE(retry_after_beats_a_shorter_backoff) {
  auto answer = ScriptedApi::status(429);
  answer.retry_after = 20s;
  api.script = {answer};
  ask();
  grant();
  BOOST_TEST(coordinator.last<PageDelayed>().wait.count() == 20000);
}

BOOST_AUTO_TEST_CASE(a_page_is_given_up_after_the_last_try) {
  api.script = {ScriptedApi::status(500), ScriptedApi::status(502), ScriptedApi::status(503)};
  ask();
  grant();
  advance(1s);
  grant();
  advance(2s);
  grant();
  BOOST_REQUIRE(coordinator.count<PageFailed>() == 1u);
  BOOST_TEST((coordinator.last<PageFailed>().error.code == Errc::api_unavailable));
  BOOST_TEST(coordinator.last<PageFailed>().error.detail == "HTTP 503 (after 3 tries)");
  BOOST_TEST(coordinator.count<PageFetched>() == 0u);
}

BOOST_AUTO_TEST_CASE(a_rejected_key_is_not_tried_again) {
  api.account_state = Error{Errc::key_rejected, "HTTP 401"};
  api.script = {ScriptedApi::status(401, "authentication_failed", "No user")};
  ask();
  grant();
  BOOST_REQUIRE(coordinator.count<PageFailed>() == 1u);
  BOOST_TEST((coordinator.last<PageFailed>().error.code == Errc::key_rejected));
  BOOST_TEST(api.requests.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_ambiguous_429_is_settled_by_the_account) {
  ApiAccount account;
  account.credits_remaining = 0;
  api.account_state = account;
  api.script = {ScriptedApi::status(429, "too_many_requests", "")};
  ask();
  grant();
  BOOST_TEST(api.account_calls == 1);
  BOOST_REQUIRE(coordinator.count<PageFailed>() == 1u);
  BOOST_TEST((coordinator.last<PageFailed>().error.code == Errc::quota_exhausted));
  BOOST_REQUIRE(governor.count<PermitSpent>() == 1u);
  BOOST_TEST((governor.last<PermitSpent>().outcome == PermitSpent::Outcome::honoured));
}

BOOST_AUTO_TEST_CASE(an_account_with_credits_makes_it_a_throttle) {
  ApiAccount account;
  account.credits_remaining = 5;
  api.account_state = account;
  api.script = {ScriptedApi::status(429, "too_many_requests", "")};
  ask();
  grant();
  BOOST_TEST(coordinator.count<PageDelayed>() == 1u);
  BOOST_REQUIRE(governor.count<PermitSpent>() == 1u);
  BOOST_TEST((governor.last<PermitSpent>().outcome == PermitSpent::Outcome::refused));
}

BOOST_AUTO_TEST_CASE(a_plan_cap_is_reported_with_its_number) {
  api.script = {ScriptedApi::status(400, "pagination_error",
                                    "The search results are limited to 10 email addresses on your "
                                    "current plan.")};
  ask();
  grant();
  BOOST_REQUIRE(coordinator.count<PageFailed>() == 1u);
  BOOST_TEST(coordinator.last<PageFailed>().plan_cap == 10u);
}

BOOST_AUTO_TEST_CASE(what_the_plan_of_a_replaced_key_serves_is_asked_again_of_the_new_one) {
  auto capped = ScriptedApi::status(400, "pagination_error",
                                    "The search results are limited to 10 email addresses on your "
                                    "current plan.");
  capped.key_is_old = true;
  api.script = {capped};
  ask();
  grant();
  BOOST_TEST(coordinator.count<PageFailed>() == 0u);
  BOOST_TEST(coordinator.count<PageDelayed>() == 1u);
}

BOOST_AUTO_TEST_CASE(a_page_that_waits_for_a_closed_pace_says_so_and_goes_on_waiting) {
  ask();
  send_as(governor.handle, fetcher, PermitDelayed{"8", 100, 30s}); // another page's
  BOOST_TEST(coordinator.count<PageWaits>() == 0u);
  send_as(governor.handle, fetcher, PermitDelayed{"7", 100, 30s});
  BOOST_REQUIRE(coordinator.count<PageWaits>() == 1u);
  BOOST_TEST((coordinator.last<PageWaits>().wait == 30s));
  grant();
  BOOST_TEST(api.requests.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_abandoned_page_ends_at_once_while_nothing_is_on_the_wire) {
  ask();
  send_as(coordinator.handle, fetcher, AbandonPage{"7", 100});
  BOOST_TEST(coordinator.count<PageAbandoned>() == 1u);
  grant(); // comes too late and goes back
  BOOST_TEST(governor.count<PermitReturned>() == 1u);
  BOOST_TEST(api.requests.empty());
}

BOOST_AUTO_TEST_CASE(an_abandoned_page_on_the_wire_is_not_tried_again) {
  ask();
  grant();
  send_as(coordinator.handle, fetcher, AbandonPage{"7", 100});
  BOOST_TEST(coordinator.count<PageFailed>() == 0u);
  api.answer(ScriptedApi::status(500));
  run();
  BOOST_TEST(coordinator.count<PageAbandoned>() == 1u);
  BOOST_TEST(coordinator.count<PageDelayed>() == 0u);
}

BOOST_AUTO_TEST_CASE(an_abandoned_page_that_was_on_the_wire_is_not_lost) {
  ask();
  grant();
  send_as(coordinator.handle, fetcher, AbandonPage{"7", 100});
  api.answer(ScriptedApi::page("paid for"));
  run();
  BOOST_REQUIRE(coordinator.count<PageFetched>() == 1u);
  BOOST_TEST(coordinator.last<PageFetched>().body.view() == "paid for");
}

BOOST_AUTO_TEST_CASE(no_request_is_sent_once_the_lease_is_over) {
  ask(10s);
  advance(10s);
  grant();
  BOOST_TEST(api.requests.empty());
  BOOST_TEST(governor.count<PermitReturned>() == 1u);
  BOOST_REQUIRE(coordinator.count<PageAbandoned>() == 1u);
  BOOST_TEST(coordinator.last<PageAbandoned>().offset == 100u);
}

BOOST_AUTO_TEST_CASE(a_lease_that_was_extended_lets_the_request_go_out) {
  ask(10s);
  send_as(coordinator.handle, fetcher, LeaseExtended{"7", now() + 20s});
  send_as(coordinator.handle, fetcher, LeaseExtended{"other", now()});
  advance(10s);
  grant();
  BOOST_TEST(api.requests.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_401_is_the_pages_own_affair_when_the_account_can_be_read) {
  api.script = {ScriptedApi::status(401), ScriptedApi::status(401)};
  ask();
  grant();
  BOOST_TEST(api.account_calls == 1);
  BOOST_REQUIRE(coordinator.count<PageFailed>() == 1u);
  BOOST_TEST((coordinator.last<PageFailed>().error.code == Errc::api_rejected));
  api.account_state = Error{Errc::key_rejected, "HTTP 401"};
  ask();
  grant();
  BOOST_REQUIRE(coordinator.count<PageFailed>() == 2u);
  BOOST_TEST((coordinator.last<PageFailed>().error.code == Errc::key_rejected));
}

BOOST_AUTO_TEST_CASE(the_key_is_asked_about_and_the_answer_told) {
  send_as(coordinator.handle, fetcher, CheckAccount{"default", SuspensionReason::key});
  BOOST_TEST(api.account_calls == 1);
  BOOST_REQUIRE(coordinator.count<AccountChecked>() == 1u);
  BOOST_TEST(!coordinator.last<AccountChecked>().error);
  api.account_state = Error{Errc::key_rejected, "HTTP 401"};
  send_as(coordinator.handle, fetcher, CheckAccount{"default", SuspensionReason::key});
  BOOST_TEST(coordinator.last<AccountChecked>().error.has_value());
}

BOOST_AUTO_TEST_CASE(a_backoff_of_an_abandoned_page_does_not_wake_its_successor) {
  api.script = {ScriptedApi::status(500)};
  ask();
  grant();
  send_as(coordinator.handle, fetcher, AbandonPage{"7", 100});
  send_as(coordinator.handle, fetcher,
          FetchPage{"8", "default", {"other.test", 0, 10}, now() + 1h});
  BOOST_TEST(governor.count<PermitWanted>() == 2u);
  advance(5s);
  BOOST_TEST(governor.count<PermitWanted>() == 2u);
}

BOOST_AUTO_TEST_CASE(a_page_that_may_not_be_paid_for_fails_with_the_wait) {
  ask();
  send_as(governor.handle, fetcher, PermitDenied{"7", 100, {Errc::quota_exhausted, "the cap"}, 3h});
  BOOST_REQUIRE(coordinator.count<PageFailed>() == 1u);
  BOOST_TEST(coordinator.last<PageFailed>().error.code == Errc::quota_exhausted);
  BOOST_TEST((coordinator.last<PageFailed>().wait == 3h));
  BOOST_TEST(api.requests.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_page_costs_nothing_unless_no_answer_came) {
  ApiAnswer silence;
  silence.transport = ApiAnswer::Transport::timed_out;
  api.script = {ScriptedApi::status(503), silence, ScriptedApi::page("ok")};
  ask();
  grant();
  BOOST_TEST((governor.last<PermitSpent>().outcome == PermitSpent::Outcome::failed));
  BOOST_TEST(!governor.last<PermitSpent>().is_page);
  advance(1min);
  grant();
  BOOST_TEST((governor.last<PermitSpent>().outcome == PermitSpent::Outcome::unknown));
  advance(1min);
  grant();
  BOOST_TEST((governor.last<PermitSpent>().outcome == PermitSpent::Outcome::honoured));
  BOOST_TEST(governor.last<PermitSpent>().is_page);
}

BOOST_AUTO_TEST_SUITE_END()
