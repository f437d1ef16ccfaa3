#include "adapters/bullmq/job_codec.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;

BOOST_FIXTURE_TEST_SUITE(shown_start, QueueFixture)

BOOST_AUTO_TEST_CASE(the_start_is_shown_of_what_looks_like_a_domain) {
  add_waiting("1");
  const auto job = take_one();
  Progress starting;
  starting.domain = job.domain;
  BOOST_TEST(job.start_shown);
  BOOST_TEST(field("1", "progress") == to_json(starting));
  BOOST_TEST(event_names() == (Texts{"active", "progress"}));
  BOOST_TEST(events("progress")[0].at("data") == to_json(starting));
}

BOOST_AUTO_TEST_CASE(of_other_data_the_take_shows_no_start) {
  for (const auto* data :
       {R"({"domain":"b\u00fccher.test"})", R"({"domain":"a\"b.test"})", R"({"domain":"a b"})",
        R"({"domain":7})", R"({"domain":null})", R"(["acme.test"])", "nonsense", ""}) {
    redis({"FLUSHALL"});
    add_waiting("1");
    redis({"HSET", key("1"), "data", data});
    BOOST_TEST(!take_one().start_shown, data);
    BOOST_TEST(events("progress").empty(), data);
  }
  redis({"FLUSHALL"});
  add_waiting("1");
  redis({"HSET", key("1"), "defa", "told to fail"});
  BOOST_TEST(!take_one().start_shown);
}

BOOST_AUTO_TEST_SUITE_END()
