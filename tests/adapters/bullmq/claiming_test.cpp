#include "tests/adapters/bullmq/queue_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;

namespace claiming {

struct Claiming : QueueFixture {
  DomainClaim claim(const TakenJob& job, const std::string& domain) {
    const auto claimed = answer_of<DomainClaim>(
      [&](auto reply) { holding().claim_domain(job.lock, domain, std::move(reply)); });
    BOOST_REQUIRE(bool(claimed));
    return *claimed;
  }
  void remove(const std::string& id) {
    redis({"LREM", key("active"), "0", id});
    redis({"DEL", key(id), key(id + ":lock")});
  }
};

} // namespace claiming

BOOST_FIXTURE_TEST_SUITE(claiming, Claiming)

BOOST_AUTO_TEST_CASE(a_domain_is_claimed_as_long_as_the_lock_of_its_job_lives) {
  add_waiting("1");
  add_waiting("2");
  const auto jobs = take(2);
  BOOST_TEST((claim(jobs[0], "acme.test") == DomainClaim::first));
  BOOST_TEST((claim(jobs[0], "acme.test") == DomainClaim::first));
  BOOST_TEST((claim(jobs[1], "acme.test") == DomainClaim::busy));
  BOOST_TEST((claim(jobs[1], "other.test") == DomainClaim::first));
  remove("1");
  BOOST_TEST((claim(jobs[1], "acme.test") == DomainClaim::next));
}

BOOST_AUTO_TEST_CASE(a_later_job_with_the_id_of_one_that_claimed_a_domain_does_not_hold_it) {
  add_waiting("mine");
  BOOST_TEST((claim(take_one(), "acme.test") == DomainClaim::first));
  remove("mine");
  add_waiting("mine");
  add_waiting("2");
  const auto jobs = take(2);
  BOOST_TEST(jobs[0].lock.job_id == "mine");
  BOOST_TEST((claim(jobs[1], "acme.test") == DomainClaim::next));
}

BOOST_AUTO_TEST_CASE(a_claim_that_can_not_be_read_holds_nothing) {
  add_waiting("1");
  const auto job = take_one();
  for (const auto* spoilt : {"7", "[]", "{}", R"({"id":"9"})", "nonsense"}) {
    redis({"SET", key("collecting:acme.test"), spoilt});
    BOOST_TEST((claim(job, "acme.test") != DomainClaim::busy));
  }
}

BOOST_AUTO_TEST_SUITE_END()
