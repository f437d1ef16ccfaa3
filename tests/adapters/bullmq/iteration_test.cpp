#include "adapters/bullmq/iteration.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <limits>

using namespace gleaner;
using namespace gleaner::bullmq;

namespace iteration {

constexpr std::int64_t hour = 3600000;
constexpr std::int64_t start = 1000 * hour;

/// A scheduler "s" of every hour whose latest job was due at `start`.
struct Fixture {
  SchedulerRecord record;
  SchedulerJob job{"s", "collect-domain", R"({"domain":"a.test"})",
                   R"({"repeat":{"every":3600000}})"};

  Fixture() {
    record.every = "3600000";
    record.at_ms = start;
  }

  std::optional<Iteration> next(std::int64_t now) {
    auto result = next_iteration(record, job, now);
    BOOST_REQUIRE(bool(result));
    return *result;
  }
  std::int64_t next_ms(std::int64_t now) {
    const auto iteration = next(now);
    BOOST_REQUIRE(iteration.has_value());
    return iteration->next_ms;
  }
  Error refused() {
    const auto result = next_iteration(record, job, start);
    BOOST_REQUIRE(!bool(result));
    return result.error();
  }
};

} // namespace iteration

BOOST_FIXTURE_TEST_SUITE(iteration, Fixture)

BOOST_AUTO_TEST_CASE(absurd_numbers_lead_to_some_time_or_to_none) {
  const std::string most = std::to_string(std::numeric_limits<std::int64_t>::max());
  record.every = record.offset = most;
  BOOST_TEST(next_ms(start) > start);
  record.every = "1";
  BOOST_TEST(next_ms(start + hour) > start);
  record.every = "-" + most;
  BOOST_TEST((refused().code == Errc::job_malformed));
  record.every = record.offset = std::nullopt;
  job.opts = R"({"prevMillis":1e300,"repeat":{"pattern":"* * * * *","count":1e300,"limit":1e300}})";
  BOOST_TEST(!next(start).has_value());
}

BOOST_AUTO_TEST_CASE(the_next_job_is_one_period_after_the_latest) {
  const auto found = next(start + 5000);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->scheduler == "s");
  BOOST_TEST(found->previous_ms == start);
  BOOST_TEST(found->next_ms == start + hour);
  BOOST_TEST(found->name == "collect-domain");
  BOOST_TEST(found->data == R"({"domain":"a.test"})");
  const auto opts = nlohmann::json::parse(found->opts);
  BOOST_TEST(opts["jobId"] == "repeat:s:" + std::to_string(start + hour));
  BOOST_TEST(opts["delay"] == hour - 5000);
  BOOST_TEST(opts["timestamp"] == start + 5000);
  BOOST_TEST(opts["prevMillis"] == start + hour);
  BOOST_TEST(opts["repeat"]["count"] == 1);
  BOOST_TEST(opts["repeat"]["every"] == hour);
}

BOOST_AUTO_TEST_CASE(missed_times_are_skipped_and_the_grid_is_kept) {
  BOOST_TEST(next_ms(start + 5 * hour + 1) == start + 6 * hour);
  record.offset = "600000";
  BOOST_TEST(next_ms(start + 5 * hour + 1) == start + 5 * hour + 600000);
  BOOST_TEST(next_ms(start + 5 * hour + 600000) == start + 6 * hour + 600000);
  record.offset = "-9000000000000000"; // whole periods before all times
  BOOST_TEST(next_ms(start + 5 * hour + 1) == start + 6 * hour);
  record.offset = "-600000";
  BOOST_TEST(next_ms(start + 5 * hour + 1) == start + 6 * hour - 600000);
}

BOOST_AUTO_TEST_CASE(a_pattern_goes_by_its_zone) {
  record.every.reset();
  job.opts = R"({"repeat":{"pattern":"30 6 * * *","tz":"Asia/Kolkata"}})";
  const std::int64_t noon = 1767268800000; // 2026-01-01T12:00Z
  BOOST_TEST(next_ms(noon) == noon + 13 * hour);
  job.opts =
    R"({"prevMillis":1767315600000,"repeat":{"pattern":"30 6 * * *","tz":"Asia/Kolkata"}})";
  BOOST_TEST(next_ms(noon) == noon + 37 * hour); // that one is made already
}

BOOST_AUTO_TEST_CASE(a_template_comes_before_the_latest_jobs_own_data) {
  record.count = "1";
  record.name = "other-name";
  record.data = R"({"domain":"b.test"})";
  const auto found = next(start);
  BOOST_TEST(found->name == "other-name");
  BOOST_TEST(found->data == R"({"domain":"b.test"})");
  record.data.reset();
  BOOST_TEST(next(start)->data == "{}");
}

BOOST_AUTO_TEST_CASE(a_limit_an_end_and_a_removal_end_it) {
  job.opts = R"({"repeat":{"every":3600000,"count":1,"limit":2}})";
  BOOST_TEST(next(start).has_value());
  job.opts = R"({"repeat":{"every":3600000,"count":2,"limit":2}})";
  BOOST_TEST(!next(start).has_value());
  for (const auto* end : {"3600000000", R"("1970-02-11T16:00:00.000Z")"}) {
    job.opts = R"({"repeat":{"every":3600000,"endDate":)" + std::string{end} + "}}";
    BOOST_TEST(!next(start + 1).has_value());
    BOOST_TEST(!next(start).has_value()); // the next would be behind the end
  }
  job.opts = R"({"repeat":{"every":3600000}})";
  record.at_ms.reset();
  BOOST_TEST(!next(start).has_value());
}

BOOST_AUTO_TEST_CASE(priorities_stay_in_their_range) {
  const auto priority = [&](const char* value) {
    job.opts = R"({"priority":)" + std::string{value} + R"(,"repeat":{"every":3600000}})";
    return next(start)->priority;
  };
  BOOST_TEST(priority("7") == 7u);
  BOOST_TEST(priority("-7") == 0u);
  BOOST_TEST(priority("1e300") == 2097152u);
  BOOST_TEST(priority("\"x\"") == 0u);
}

BOOST_AUTO_TEST_CASE(what_others_wrote_wrongly_is_refused_and_named) {
  for (const auto* opts : {"", "null", "[]", "{}", R"({"repeat":1})", R"({"repeat":[]})"}) {
    job.opts = opts;
    BOOST_TEST((refused().code == Errc::job_malformed), opts);
  }
  record.every = "0";
  job.opts = R"({"repeat":{}})";
  BOOST_TEST(refused().detail == "its period is 0 ms");
  record.every = "-5";
  BOOST_TEST(refused().detail == "its period is -5 ms");
  record.every = "soon";
  job.opts = R"({"repeat":{"pattern":"every day"}})";
  BOOST_TEST(!refused().detail.empty());
}

BOOST_AUTO_TEST_SUITE_END()
