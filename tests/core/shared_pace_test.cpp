#include "tests/core/shared_pace_fixture.hpp"

using namespace gleaner;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(shared_pace, test::SharedPaceFixture)

BOOST_AUTO_TEST_CASE(the_first_exchange_comes_at_once_and_knows_nothing) {
  const auto first = exchange(0);
  BOOST_TEST(first.wanted == 0u);
  BOOST_TEST(!first.known);
  BOOST_TEST(!has_request(0));
  BOOST_TEST(!pace.next_look(0));
}

BOOST_AUTO_TEST_CASE(permits_are_usable_from_their_time_on_and_not_long_after) {
  BOOST_TEST(exchange(2, {0ms, 50ms}).wanted == 2u);
  BOOST_TEST(pace.take(now).has_value());
  BOOST_TEST(!pace.take(now));
  BOOST_TEST((pace.next_look(1) == now + 50ms));
  now += 50ms;
  BOOST_TEST(pace.take(now)->permit.at_ms == queue_ms());
}

BOOST_AUTO_TEST_CASE(a_late_permit_goes_back) {
  exchange(1, {0ms});
  now += 200ms;
  BOOST_TEST(!pace.take(now));
  now += 3s; // the usual report
  BOOST_TEST(exchange(0).unused.size() == 1u);
}

BOOST_AUTO_TEST_CASE(once_closed_it_gives_back_at_once_what_it_has_and_what_still_comes) {
  exchange(3, {0ms, 0ms, 100ms});
  const auto used = pace.take(now)->permit;
  const auto on_its_way = pace.take(now)->permit;
  now += 120ms;
  BOOST_REQUIRE(has_request(3)); // in flight
  pace.close();
  BOOST_TEST(!pace.settled());
  pace.answered(answer({0ms}), now);
  const auto last = exchange(3);
  BOOST_TEST(last.wanted == 0u);
  BOOST_TEST(last.unused.size() == 2u);
  BOOST_TEST(pace.settled());
  pace.unused(on_its_way);
  pace.charged({used, 3});
  BOOST_TEST(!pace.settled());
  const auto more = exchange(0);
  BOOST_TEST(more.unused.size() == 1u);
  BOOST_TEST(more.charges.size() == 1u);
  BOOST_TEST(pace.settled());
}

BOOST_AUTO_TEST_CASE(what_went_back_in_vain_is_told_again) {
  exchange(1, {50ms});
  pace.close();
  BOOST_REQUIRE(has_request(0));
  pace.failed(now);
  BOOST_TEST(!pace.settled());
  now += 1s;
  BOOST_TEST(exchange(0).charges.size() == 1u);
  BOOST_TEST(pace.settled());
}

BOOST_AUTO_TEST_CASE(it_asks_for_what_is_missing_when_the_budget_said_so) {
  BOOST_TEST(exchange(5, {0ms, 0ms}).wanted == 5u);
  BOOST_TEST(!has_request(5));
  BOOST_TEST(pace.take(now).has_value());
  now += 120ms;
  BOOST_TEST(exchange(4, {}).wanted == 3u); // one is in hand
}

BOOST_AUTO_TEST_CASE(while_its_requests_count_it_reports_what_it_knows) {
  exchange(1, {0ms});
  BOOST_TEST(pace.take(now).has_value());
  now += 2999ms;
  BOOST_TEST(!has_request(0));
  now += 1ms;
  BOOST_TEST(exchange(0).known->count == 1);
  now += 61s; // a minute later nothing of ours counts any more
  BOOST_TEST(!exchange(0).known);
  BOOST_TEST(!has_request(0));
  now += 120ms;
  BOOST_TEST(!exchange(1).known);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_told_at_once_and_takes_all_permits_back) {
  exchange(3, {0ms, 0ms, 100ms});
  const auto permit = pace.take(now)->permit;
  pace.refused(permit, 7s);
  BOOST_TEST(!pace.take(now));
  const auto told = exchange(0);
  BOOST_REQUIRE(told.refused.size() == 1u);
  BOOST_TEST(told.refused[0].permit.at_ms == permit.at_ms);
  BOOST_TEST((told.refused[0].wait == 7s));
  BOOST_TEST(told.unused.size() == 2u);
  BOOST_TEST(!has_request(0));
}

BOOST_AUTO_TEST_CASE(a_refusal_during_an_exchange_is_told_by_the_next) {
  exchange(2, {0ms, 0ms});
  const auto first = pace.take(now)->permit, second = pace.take(now)->permit;
  pace.refused(first, 0ms);
  BOOST_REQUIRE(has_request(0));
  pace.refused(second, 0ms);
  pace.answered(answer(), now);
  const auto told = exchange(0);
  BOOST_REQUIRE(told.refused.size() == 1u);
  BOOST_TEST(told.refused[0].permit.at_ms == second.at_ms);
}

BOOST_AUTO_TEST_CASE(refusals_that_may_not_have_arrived_are_told_again_unused_permits_are_not) {
  exchange(2, {0ms, 0ms});
  pace.refused(pace.take(now)->permit, 0ms);
  BOOST_REQUIRE(has_request(0));
  pace.failed(now);
  BOOST_TEST(!has_request(1)); // a budget that is away is not stormed
  BOOST_TEST((pace.next_look(1) == now + 1s));
  now += 1s;
  const auto told = exchange(1);
  BOOST_TEST(told.refused.size() == 1u);
  BOOST_TEST(told.unused.empty());
}

BOOST_AUTO_TEST_CASE(what_the_account_said_is_told_with_the_time_when_it_was_asked) {
  const auto asked_at = now;
  const auto shown = queue_ms();
  now += 5s;
  pace.account_read(420, asked_at);
  BOOST_TEST(!exchange(0).remaining); // which time that was can't be said yet
  const auto told = exchange(0);
  BOOST_TEST(told.remaining.value_or(0) == 420.0);
  BOOST_TEST(told.remaining_at_ms == shown);
  BOOST_TEST(!has_request(0));
}

BOOST_AUTO_TEST_CASE(what_the_account_no_longer_says_is_not_told_again) {
  const auto exchange_with = [&](std::optional<double> remaining) {
    now += 1s;
    const auto request = pace.request(1, now);
    BOOST_REQUIRE(request.has_value());
    auto shown = answer();
    shown.credits.account_read = true;
    shown.credits.remaining = remaining;
    pace.answered(shown, now);
    return *request;
  };
  exchange_with({});
  pace.account_read(2, now);
  BOOST_TEST(exchange_with(2).remaining.value_or(0) == 2.0);
  exchange_with({}); // another sharer has read it since
  BOOST_TEST(!exchange_with({}).account_read);
  pace.account_read({}, now);
  const auto told = exchange_with({});
  BOOST_TEST(told.account_read);
  BOOST_TEST(!told.remaining);
}

BOOST_AUTO_TEST_CASE(permits_with_less_reserved_than_a_page_can_cost_go_back) {
  pace.need(1);
  BOOST_TEST(exchange(2, {0ms, 0ms}).page_cost == 1.0);
  BOOST_TEST(pace.take(now)->reserved == 1.0);
  pace.need(10);
  BOOST_TEST(!pace.take(now));
  now += 120ms;
  const auto more = exchange(1, {0ms});
  BOOST_TEST(more.page_cost == 10.0);
  BOOST_TEST(more.unused.size() == 1u);
  pace.need(1);
  BOOST_TEST(pace.take(now).has_value()); // enough for less, too
}

BOOST_AUTO_TEST_CASE(a_probe_that_was_honoured_is_told_at_once) {
  BOOST_REQUIRE(has_request(1));
  auto with_probe = answer({0ms});
  with_probe.permits.back().probe = true;
  with_probe.share = 0.5;
  pace.answered(with_probe, now);
  BOOST_TEST(pace.share() == 0.5);
  const auto probe = pace.take(now)->permit;
  BOOST_TEST(probe.probe);
  pace.honoured(probe);
  const auto told = exchange(0);
  BOOST_TEST(told.probe_honoured);
  BOOST_TEST(told.honoured_ms == probe.at_ms);
  now += 3s;
  BOOST_TEST(!exchange(0).probe_honoured);
}

BOOST_AUTO_TEST_SUITE_END()
