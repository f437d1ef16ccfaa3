#include "core/job_run.hpp"
#include "tests/support/contact_copy.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace std::chrono_literals;

namespace job_run {

TakenJob taken(std::uint32_t attempts = 3) {
  TakenJob job;
  job.lock = {"7", "seed:1"};
  job.domain = "Acme.test";
  job.retry = {attempts, BackoffKind::exponential, 2000ms, 0.0, {}};
  return job;
}

Contact contact(std::string email, std::string title = "") {
  Contact made;
  made.email = std::move(email);
  made.title = std::move(title);
  return made;
}

NormalizedPage page(std::uint32_t total, const std::vector<Contact>& contacts) {
  NormalizedPage made;
  made.header.total = total;
  made.header.rows = static_cast<std::uint32_t>(contacts.size());
  made.contacts = test::list_of(contacts);
  return made;
}

struct Fixture {
  JobRun run{taken(), "acme.test", {2, 100, 8, {}}};
  void ask_all() {
    while (run.next_page()) {
    }
  }
};

} // namespace job_run

BOOST_FIXTURE_TEST_SUITE(job_run, Fixture)

BOOST_AUTO_TEST_CASE(a_run_goes_from_fetching_over_storing_to_its_end) {
  ask_all();
  const auto first = run.add_page(0, page(3, {contact("a@x"), contact("b@x")}));
  BOOST_REQUIRE(first);
  BOOST_REQUIRE(first->size() == 1u);
  BOOST_TEST(first->front().page == 1u);
  BOOST_TEST(first->front().collected == 2u);
  BOOST_TEST(first->front().percent == 66u);
  ask_all();
  const auto last = run.add_page(2, page(3, {contact("c@x")}));
  BOOST_REQUIRE(last);
  BOOST_REQUIRE(last->size() == 2u);
  BOOST_TEST((last->back().status == ProgressStatus::normalizing));
  BOOST_TEST(!run.normalizing()); // that is told
  BOOST_TEST(run.kept(2, 1767225500000));
  BOOST_TEST(!run.complete());
  BOOST_TEST(run.kept(0, 1767225600000));
  BOOST_TEST(run.complete());
  const auto collection = run.collect();
  BOOST_TEST(collection.collected_at == "2026-01-01T00:00:00.000Z");
  BOOST_TEST(collection.items.size() == 3u);
  BOOST_TEST(collection.domain == "Acme.test");
  BOOST_TEST(collection.metadata.job_id == "7");
  const auto end = run.succeed();
  BOOST_TEST((end.kind == JobEnd::Kind::completed));
  BOOST_TEST(end.result.items_collected == 3u);
  BOOST_TEST(end.progress->items_saved == 3u);
}

BOOST_AUTO_TEST_CASE(the_richest_record_wins_at_the_place_of_the_first_whatever_came_first) {
  for (const bool reversed : {false, true}) {
    JobRun each{taken(), "acme.test", {2, 100, 8, {}}};
    while (each.next_page()) {
    }
    // The total must be known before the second page is asked for.
    BOOST_REQUIRE(each.add_page(0, page(6, {contact("a@x"), contact("b@x")})));
    while (each.next_page()) {
    }
    const auto second = [&] {
      return each.add_page(2, page(6, {contact("b@x", "Chief"), contact("c@x")}));
    };
    const auto third = [&] { return each.add_page(4, page(6, {contact("c@x"), contact("d@x")})); };
    BOOST_REQUIRE((reversed ? third() : second()));
    BOOST_REQUIRE((reversed ? second() : third()));
    const auto items = each.collect().items;
    BOOST_REQUIRE(items.size() == 4u);
    BOOST_TEST(items[0].email == "a@x");
    BOOST_TEST(items[1].email == "b@x");
    BOOST_TEST(items[1].title == "Chief");
    BOOST_TEST(items[2].email == "c@x");
    BOOST_TEST(items[3].email == "d@x");
  }
}

BOOST_AUTO_TEST_CASE(results_announced_but_not_listed_fail_the_try_instead_of_storing_nothing) {
  ask_all();
  const auto answer = run.add_page(0, page(35, {}));
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().code == Errc::body_malformed));
}

BOOST_AUTO_TEST_CASE(a_page_that_nobody_awaits_is_ignored) {
  ask_all();
  const auto stray = run.add_page(4, page(3, {contact("a@x")}));
  BOOST_REQUIRE(stray);
  BOOST_TEST(stray->empty());
}

BOOST_AUTO_TEST_CASE(an_unreadable_page_is_asked_for_once_more) {
  ask_all();
  BOOST_TEST(run.ask_again(0));
  BOOST_TEST(run.next_page()->offset == 0u);
  BOOST_TEST(!run.ask_again(0));
}

BOOST_AUTO_TEST_CASE(a_cap_below_one_row_fails_and_never_completes_empty) {
  ask_all();
  BOOST_TEST(!run.plan_capped(0, 0));
}

BOOST_AUTO_TEST_CASE(a_repeated_cap_on_the_first_page_fails) {
  ask_all();
  BOOST_TEST(bool(run.plan_capped(0, 1)));
  ask_all();
  BOOST_TEST(!run.plan_capped(0, 1));
}

BOOST_AUTO_TEST_CASE(a_failure_with_attempts_left_is_retried_after_the_jobs_backoff) {
  const auto end = run.fail({Errc::api_unavailable, "HTTP 500"}, 0.0);
  BOOST_TEST((end.kind == JobEnd::Kind::retried_later));
  BOOST_TEST(end.delay.count() == 2000);
  BOOST_TEST(end.failed_reason == "HTTP 500");
  BOOST_TEST((end.progress->status == ProgressStatus::failed));
}

BOOST_AUTO_TEST_CASE(nothing_is_asked_for_after_the_end) {
  (void)run.fail({Errc::key_rejected, "HTTP 401"}, 0.0);
  BOOST_TEST(!run.next_page());
  BOOST_TEST(!run.awaits(0));
}

BOOST_AUTO_TEST_CASE(the_time_is_that_of_the_page_kept_last_also_by_a_clock_that_was_set_back) {
  ask_all();
  BOOST_REQUIRE(run.add_page(0, page(3, {contact("a@x"), contact("b@x")})));
  ask_all();
  BOOST_REQUIRE(run.add_page(2, page(3, {contact("c@x")})));
  run.kept(0, 1767225660000);
  run.kept(2, 1767225600000);
  BOOST_TEST(run.collect().collected_at == "2026-01-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(whoever_has_the_same_ledger_stores_the_same) {
  auto job = taken();
  job.ledger_pages = 2;
  const auto first = [] { return page(4, {contact("a@x"), contact("b@x", "Chief")}); };
  const auto second = [] { return page(4, {contact("b@x"), contact("c@x")}); };
  ask_all();
  BOOST_REQUIRE(run.add_page(0, first()));
  ask_all();
  BOOST_REQUIRE(run.add_page(2, second()));
  run.kept(0, 1000);
  run.kept(2, 2000);
  JobRun again{job, "acme.test", {2, 100, 8, {}}};
  BOOST_TEST((again.phase() == JobRun::Phase::restoring));
  BOOST_TEST(!again.next_page());
  again.restore(2, 2, second());
  again.restore(0, 2, first());
  BOOST_TEST(again.restored(2000) == 2u);
  BOOST_TEST(!again.next_page());
  BOOST_REQUIRE(again.complete());
  const auto one = run.collect(), other = again.collect();
  BOOST_TEST(one.collected_at == other.collected_at);
  BOOST_TEST(one.metadata.duplicates == other.metadata.duplicates);
  BOOST_REQUIRE(one.items.size() == 3u);
  BOOST_REQUIRE(other.items.size() == 3u);
  BOOST_TEST(other.items[1].title == "Chief");
  BOOST_TEST(again.succeed().result.collected_at == run.succeed().result.collected_at);
}

BOOST_AUTO_TEST_CASE(a_page_that_is_wanted_again_is_asked_for_again_without_end) {
  ask_all();
  for (int i = 0; i < 3; ++i) {
    run.want_again(0);
    BOOST_REQUIRE(run.next_page());
  }
  run.want_again(2); // not awaited
  BOOST_TEST(!run.next_page());
}

BOOST_AUTO_TEST_CASE(pages_of_another_job_with_the_id_are_told_apart) {
  auto other = taken();
  other.timestamp_ms = 5;
  BOOST_TEST(run.ledger_identity() != JobRun(other, "acme.test", {}).ledger_identity());
  BOOST_TEST(run.ledger_identity() != JobRun(taken(), "b.test", {}).ledger_identity());
}

BOOST_AUTO_TEST_SUITE_END()
