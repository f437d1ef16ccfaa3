#include "tests/support/coordinator_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace job_coordinator_blocks {

/// Pages are blocked by a proxy before the API, while the account can be read.
struct BlockFixture : CoordinatorFixture {
  void block(const JobId& id) { fail_page(id, 0, {Errc::api_blocked, "HTTP 403 without JSON"}); }
  void account_answers() {
    advance(300s);
    send_as(supervisor.handle, coordinator,
            AccountChecked{"default", SuspensionReason::key, ApiAccount{}, {}});
  }
};

} // namespace job_coordinator_blocks

BOOST_FIXTURE_TEST_SUITE(job_coordinator_blocks, BlockFixture)

BOOST_AUTO_TEST_CASE(a_blocked_job_comes_back_after_those_that_were_not) {
  take(job("1", "first.test"));
  take(job("2", "second.test"));
  block("1");
  BOOST_TEST(publisher.count<EndJob>() == 0u);
  BOOST_TEST((publisher.last<ReleaseJob>().delay == 330s));
  BOOST_TEST(paused_for == "key");
  give_back("2", 0);
  BOOST_REQUIRE(publisher.count<ReleaseJob>() == 2u);
  BOOST_TEST((publisher.last<ReleaseJob>().delay == 0s));
  answer_end("1");
  answer_end("2");
  account_answers();
  BOOST_TEST(paused_for.empty());
  take(job("2", "second.test"));
  take(job("3", "third.test"));
  BOOST_TEST(holder("2", 0));
  BOOST_TEST(!holder("3", 0)); // one page finds out
}

BOOST_AUTO_TEST_CASE(a_domain_that_is_blocked_while_others_are_served_fails_in_the_end) {
  for (int time = 0; time < 2; ++time) {
    take(job("1", "odd.test"));
    block("1");
    answer_end("1");
    account_answers();
    take(job("2", "fine.test"));
    serve("2", 0, page(5, 5));
    send_as(writer.handle, coordinator, CollectionStored{lock_of("2")});
    answer_end("2");
  }
  const auto ended = publisher.count<EndJob>();
  take(job("1", "odd.test"));
  block("1");
  BOOST_REQUIRE(publisher.count<EndJob>() == ended + 1);
  BOOST_TEST((publisher.last<EndJob>().end.kind == JobEnd::Kind::failed));
  BOOST_TEST(paused_for.empty());
}

BOOST_AUTO_TEST_SUITE_END()
