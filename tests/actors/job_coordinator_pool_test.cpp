#include "tests/support/coordinator_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace job_coordinator_pool {

/// Jobs without a choice are spread over both keys.
struct Fixture : CoordinatorFixture {
  Fixture()
      : CoordinatorFixture([this](JobCoordinatorDeps& deps) {
          deps.keys.push_back(key("other", other_api));
          deps.pool_keys = true;
        }) {}
};

} // namespace job_coordinator_pool

BOOST_FIXTURE_TEST_SUITE(job_coordinator_pool, Fixture)

BOOST_AUTO_TEST_CASE(a_job_goes_on_with_another_key_at_once) {
  take(job("1"));
  const auto first = holder("1", 0)->last<FetchPage>().key;
  fail_page("1", 0, {Errc::key_drained, "out of use"}, 0, 30s);
  BOOST_TEST((publisher.last<ReleaseJob>().delay == 0ms));
  answer_end("1");
  take(job("1"));
  BOOST_TEST(holder("1", 0)->last<FetchPage>().key != first);
}

BOOST_AUTO_TEST_SUITE_END()
