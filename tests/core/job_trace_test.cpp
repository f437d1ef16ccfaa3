#include "core/job_trace.hpp"
#include "tests/support/recording_tracer.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace job_trace {

struct Fixture {
  RecordingTracer tracer;
  JobTracing tracing{&tracer, "q", "node1"};
  TakenJob job;
  JobTrace::Time asked_at{10s}, now{11s};

  Fixture() {
    job.lock = {"42", "token"};
    job.name = "collect-domain";
    job.attempts_made = 1;
    job.timestamp_ms = 1000;
    job.processed_on_ms = 5000;
    job.trace = foreign_span();
  }
  std::unique_ptr<JobTrace> begin() {
    return JobTrace::begin(tracing, job, "acme.test", asked_at, now);
  }
};

} // namespace job_trace

BOOST_FIXTURE_TEST_SUITE(job_trace, Fixture)

BOOST_AUTO_TEST_CASE(the_trace_of_the_producer_goes_on) {
  const auto trace = begin();
  BOOST_REQUIRE(trace);
  trace->settle("complete", now + 2s);
  trace->end(now + 3s, {});
  const auto receive = tracer.only("receive q"), process = tracer.only("process q"),
             settle = tracer.only("settle q");
  for (const auto& span : {receive, process, settle}) {
    BOOST_TEST(span.context.trace_high == job.trace.trace_high);
    BOOST_TEST(span.context.trace_low == job.trace.trace_low);
    BOOST_TEST(span.error == "");
    BOOST_TEST(!span.link);
    BOOST_TEST(attribute(span, "messaging.system") == "bullmq");
    BOOST_TEST(attribute(span, "messaging.destination.name") == "q");
    BOOST_TEST(attribute(span, "messaging.message.id") == "42");
    BOOST_TEST(attribute(span, "messaging.client.id") == "node1");
  }
  BOOST_TEST(receive.parent == job.trace.span_id);
  BOOST_TEST(process.parent == job.trace.span_id);
  BOOST_TEST(settle.parent == process.context.span_id);
  BOOST_TEST((receive.start == asked_at && receive.end == now));
  BOOST_TEST((process.start == now && process.end == now + 3s));
  BOOST_TEST((settle.start == now + 2s && settle.end == now + 3s));
  BOOST_TEST((process.kind == SpanKind::consumer && settle.kind == SpanKind::client));
  BOOST_TEST(attribute(settle, "messaging.operation.name") == "complete");
  BOOST_TEST(attribute(settle, "messaging.operation.type") == "settle");
  BOOST_TEST(attribute(process, "bullmq.job.name") == "collect-domain");
  BOOST_TEST(attribute(process, "bullmq.job.attempts.made") == "1");
  BOOST_TEST(attribute(process, "gleaner.domain") == "acme.test");
}

BOOST_AUTO_TEST_CASE(a_job_without_a_trace_begins_one_with_its_take) {
  job.trace = {};
  begin()->end(now, {});
  const auto receive = tracer.only("receive q"), process = tracer.only("process q");
  BOOST_TEST(receive.parent == 0u);
  BOOST_TEST(process.parent == receive.context.span_id);
  BOOST_TEST(process.context.trace_low == receive.context.trace_low);
}

BOOST_AUTO_TEST_CASE(a_job_that_has_waited_for_long_is_linked_instead) {
  job.processed_on_ms = job.timestamp_ms + 3600001;
  begin()->end(now, {});
  const auto process = tracer.only("process q");
  BOOST_TEST(process.context.trace_low != job.trace.trace_low);
  BOOST_TEST(process.parent == tracer.only("receive q").context.span_id);
  BOOST_REQUIRE(process.link);
  BOOST_TEST((*process.link == job.trace));
}

BOOST_AUTO_TEST_CASE(each_job_of_a_schedule_is_linked_to_what_made_the_schedule) {
  job.scheduler = "nightly";
  begin()->end(now, {});
  BOOST_TEST(tracer.only("process q").context.trace_low != job.trace.trace_low);
  BOOST_TEST((tracer.only("receive q").link == job.trace));
}

BOOST_AUTO_TEST_CASE(an_hour_is_not_for_long) {
  job.processed_on_ms = job.timestamp_ms + 3600000;
  begin()->end(now, {});
  BOOST_TEST(tracer.only("process q").parent == job.trace.span_id);
}

BOOST_AUTO_TEST_CASE(what_nobody_records_costs_no_trace) {
  job.trace = foreign_span(false);
  BOOST_TEST(!begin());
  tracing.tracer = nullptr;
  job.trace = foreign_span();
  BOOST_TEST(!begin());
  BOOST_TEST(tracer.spans().empty());
}

BOOST_AUTO_TEST_CASE(a_try_that_failed_says_why_and_its_end_went_well) {
  const auto trace = begin();
  trace->fail("api_rejected");
  trace->settle("fail", now);
  trace->end(now, {});
  BOOST_TEST(tracer.only("process q").error == "api_rejected");
  BOOST_TEST(tracer.only("settle q").error == "");
}

BOOST_AUTO_TEST_CASE(a_job_that_was_lost_has_no_end_of_its_own) {
  begin()->end(now, "lock_lost");
  BOOST_TEST(tracer.only("process q").error == "lock_lost");
  BOOST_TEST(tracer.spans().size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_end_that_the_queue_refuses_fails_both) {
  const auto trace = begin();
  trace->settle("complete", now);
  trace->end(now, "job_missing");
  BOOST_TEST(tracer.only("process q").error == "job_missing");
  BOOST_TEST(tracer.only("settle q").error == "job_missing");
}

BOOST_AUTO_TEST_SUITE_END()
