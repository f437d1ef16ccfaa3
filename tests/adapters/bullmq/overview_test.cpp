#include "adapters/bullmq/job_browser.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"

#include <chrono>
#include <cstdint>

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;

namespace overviews {

struct Overview : QueueFixture {
  JobBrowser browser{client, {"bull", "q"}};

  QueueOverview look(std::uint32_t most = 10) {
    auto seen = browser.overview(most);
    if (!seen)
      BOOST_FAIL(seen.error().detail);
    return std::move(*seen);
  }
  void add_active(const std::string& id, const std::string& data = R"({"domain":"acme.test"})") {
    put_job(id, R"({"attempts":4})", data);
    redis({"LPUSH", key("active"), id});
  }
};

} // namespace overviews

BOOST_FIXTURE_TEST_SUITE(overview, overviews::Overview)

BOOST_AUTO_TEST_CASE(an_empty_queue_has_a_time_and_no_more) {
  const auto seen = look();
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
    std::chrono::system_clock::now().time_since_epoch());
  BOOST_TEST(std::abs(seen.now_ms - now.count()) < 60'000);
  BOOST_TEST(!seen.completed_ever);
  BOOST_TEST(!seen.failed_ever);
  BOOST_TEST(seen.active.empty());
  BOOST_TEST(redis({"DBSIZE"}).integer == 0);
}

BOOST_AUTO_TEST_CASE(a_job_at_work_tells_what_a_viewer_shows) {
  add_active("1");
  redis({"HSET", key("1"), "progress", R"({"page":2})", "processedOn", "11", "atm", "2", "pb",
         "ann", "returnvalue", "x"});
  const auto seen = look();
  BOOST_REQUIRE(seen.active.size() == 1u);
  const auto& job = seen.active.front();
  BOOST_TEST(job.id == "1");
  BOOST_TEST(job.state == "active");
  BOOST_TEST(job.domain == "acme.test");
  BOOST_TEST(job.progress == R"({"page":2})");
  BOOST_TEST(job.processed_on_ms == 11);
  BOOST_TEST(job.attempts_made == 2u);
  BOOST_TEST(job.attempts == 4u);
  BOOST_TEST(job.processed_by == "ann");
  BOOST_TEST(job.return_value.empty());
}

BOOST_AUTO_TEST_CASE(jobs_taken_first_come_first_and_no_more_than_asked_for) {
  for (const auto* id : {"1", "2", "3", "4"})
    add_active(id);
  const auto seen = look(3);
  BOOST_REQUIRE(seen.active.size() == 3u);
  BOOST_TEST(seen.active[0].id == "1");
  BOOST_TEST(seen.active[2].id == "3");
}

BOOST_AUTO_TEST_CASE(long_texts_are_left_out) {
  add_active("1", R"({"domain":"acme.test","more":")" + std::string(5000, 'x') + "\"}");
  const auto seen = look();
  BOOST_REQUIRE(seen.active.size() == 1u);
  BOOST_TEST(seen.active[0].data.empty());
  BOOST_TEST(seen.active[0].attempts == 4u);
}

BOOST_AUTO_TEST_CASE(charts_tell_how_many_have_ever_ended) {
  redis({"HSET", key("metrics:completed"), "count", "1234"});
  redis({"HSET", key("metrics:failed"), "count", "no number"});
  const auto seen = look();
  BOOST_REQUIRE(bool(seen.completed_ever));
  BOOST_TEST(*seen.completed_ever == 1234u);
  BOOST_TEST(!seen.failed_ever);
}

BOOST_AUTO_TEST_CASE(keys_that_others_have_spoilt_hide_only_themselves) {
  add_active("1");
  redis({"LPUSH", key("active"), "2"});
  redis({"SET", key("2"), "x"});
  redis({"SET", key("metrics:completed"), "x"});
  const auto seen = look();
  BOOST_TEST(seen.active.size() == 2u);
  BOOST_TEST(!seen.completed_ever);
  redis({"SET", key("active"), "x"});
  BOOST_TEST(look().active.empty());
}

BOOST_AUTO_TEST_SUITE_END()
