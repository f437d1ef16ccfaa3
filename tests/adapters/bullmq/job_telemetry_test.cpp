#include "adapters/bullmq/job_codec.hpp"
#include "adapters/bullmq/job_telemetry.hpp"
#include "adapters/bullmq/queue_producer.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"
#include "tests/support/recording_tracer.hpp"

using namespace gleaner;
using namespace gleaner::bullmq;
using namespace gleaner::test;

namespace job_telemetry {

const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TraceContext read(const Json& options) {
  TakenJob job;
  read_options(options.dump(), job);
  return job.trace;
}

struct Producing : QueueFixture {
  RecordingTracer tracer;
  QueueProducer producer{client, {"bull", "q"}, &tracer};
};

} // namespace job_telemetry

BOOST_AUTO_TEST_SUITE(job_telemetry)

BOOST_AUTO_TEST_CASE(the_carrier_of_a_stock_producer_is_read) {
  const auto context = read({{"tm", R"({"traceparent":")" + parent + R"(","tracestate":"a=b"})"}});
  BOOST_TEST(format_traceparent(context) == parent);
  BOOST_TEST(format_traceparent(read({{"tm", telemetry_json(context)}})) == parent);
  BOOST_TEST(format_traceparent(read({{"tm", telemetry_json(context)}, {"omc", false}})) == parent);
}

BOOST_AUTO_TEST_CASE(nothing_goes_on_where_the_producer_does_not_want_it) {
  BOOST_TEST(!read({{"tm", R"({"traceparent":")" + parent + R"("})"}, {"omc", true}}).valid());
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_trace) {
  BOOST_TEST(!read(Json::object()).valid());
  for (const Json& tm :
       {Json{nullptr}, Json{1}, Json{{"traceparent", parent}}, Json{""}, Json{"null"}, Json{"{"},
        Json{"[]"}, Json{R"({"traceparent":1})"}, Json{R"({"traceparent":"00"})"},
        Json{std::string(10000, '[')},
        Json{R"({"x":")" + std::string(5000, 'x') + R"(","traceparent":")" + parent + R"("})"}})
    BOOST_TEST(!read({{"tm", tm}}).valid(), tm.dump().substr(0, 60));
}

BOOST_FIXTURE_TEST_CASE(a_job_that_is_added_names_the_span_that_adds_it, Producing) {
  const std::vector<std::string> one{"acme.test"};
  BOOST_REQUIRE(producer.add(one, {}));
  const auto span = tracer.only("send q");
  BOOST_TEST((span.kind == SpanKind::producer));
  BOOST_TEST(attribute(span, "messaging.message.id") == "1");
  BOOST_TEST(attribute(span, "messaging.operation.type") == "send");
  BOOST_TEST(
    field("1", "opts") ==
    R"({"attempts":3,"backoff":{"type":"exponential","delay":2000},"tm":"{\"traceparent\":\")" +
      format_traceparent(span.context) + R"(\"}"})");
}

BOOST_FIXTURE_TEST_CASE(many_jobs_have_a_span_for_each_script, Producing) {
  BOOST_REQUIRE(producer.add(std::vector<std::string>(120, "acme.test"), {}));
  std::vector<std::string> sizes;
  for (const auto& span : tracer.spans())
    sizes.push_back(attribute(span, "messaging.batch.message_count"));
  BOOST_TEST(sizes == (Texts{"50", "50", "20"}));
  BOOST_TEST(field("1", "opts") == field("50", "opts"));
  BOOST_TEST(field("50", "opts") != field("51", "opts"));
}

BOOST_FIXTURE_TEST_CASE(what_could_not_be_added_is_told_by_its_span, Producing) {
  redis({"SET", key("wait"), "no list"});
  BOOST_TEST(!producer.add(std::vector<std::string>{"acme.test"}, {}));
  BOOST_TEST(tracer.only("send q").error == "redis_refused");
}

BOOST_AUTO_TEST_SUITE_END()
