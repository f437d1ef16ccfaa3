#include "adapters/otlp/span_json.hpp"
#include "core/span_names.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace gleaner;
using namespace gleaner::otlp;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace span_json {

using Time = std::chrono::steady_clock::time_point;

Span example() {
  Span span;
  span.name = "process q";
  span.kind = SpanKind::consumer;
  span.context = {0x4bf92f3577b34da6, 0xa3ce929d0e0e4736, 0x00f067aa0ba902b7, true};
  span.parent = 0xb7ad6b7169203331;
  span.start = Time{100s + 5ns};
  span.end = Time{101s};
  span.attributes = {{span_keys::queue, "q"}, {span_keys::attempts_made, std::int64_t{2}}};
  return span;
}

const SpanSource source{{{"service.name", "gleaner"}}, "1.2.3", {}};

Json request(const Span& span, const SpanSource& from = source) {
  return Json::parse(export_request(from, std::span{&span, 1}, Time{-1000s}));
}

Json only_span(const Span& span, const SpanSource& from = source) {
  return request(span, from)["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
}

} // namespace span_json

BOOST_AUTO_TEST_SUITE(span_json)

BOOST_AUTO_TEST_CASE(a_request_has_the_form_of_otlp) {
  const auto expected = Json::parse(R"({"resourceSpans": [{
    "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "gleaner"}}]},
    "scopeSpans": [{"scope": {"name": "gleaner", "version": "1.2.3"}, "spans": [{
      "traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "spanId": "00f067aa0ba902b7",
      "parentSpanId": "b7ad6b7169203331", "name": "process q", "kind": 5,
      "startTimeUnixNano": "1100000000005", "endTimeUnixNano": "1101000000000",
      "attributes": [{"key": "messaging.destination.name", "value": {"stringValue": "q"}},
                     {"key": "bullmq.job.attempts.made", "value": {"intValue": "2"}}],
      "status": {}}]}]}]})");
  BOOST_TEST(request(example()) == expected);
}

BOOST_AUTO_TEST_CASE(the_first_span_of_a_trace_has_no_parent) {
  auto span = example();
  span.parent = 0;
  BOOST_TEST(!only_span(span).contains("parentSpanId"));
}

BOOST_AUTO_TEST_CASE(a_failure_is_a_status_and_an_attribute) {
  auto span = example();
  span.error = "timeout";
  const auto json = only_span(span);
  BOOST_TEST(json["status"] == Json::parse(R"({"code": 2})"));
  BOOST_TEST(json["attributes"].back() ==
             Json::parse(R"({"key": "error.type", "value": {"stringValue": "timeout"}})"));
}

BOOST_AUTO_TEST_CASE(a_link_names_trace_and_span) {
  auto span = example();
  span.link = TraceContext{1, 2, 3, true};
  BOOST_TEST(only_span(span)["links"] == Json::parse(R"([{
    "traceId": "00000000000000010000000000000002", "spanId": "0000000000000003"}])"));
}

BOOST_AUTO_TEST_CASE(texts_are_redacted_cut_and_made_utf8) {
  auto from = source;
  from.redact = [](std::string_view text) {
    return text.starts_with("secret") ? std::string{"[redacted]"} : std::string{text};
  };
  auto span = example();
  span.attributes = {{span_keys::job_id, "secret"},
                     {span_keys::job_name, std::string(5000, 'x')},
                     {span_keys::domain, "\xff"}};
  const auto attributes = only_span(span, from)["attributes"];
  BOOST_TEST(attributes[0]["value"]["stringValue"] == "[redacted]");
  BOOST_TEST(attributes[1]["value"]["stringValue"].get<std::string>().size() == 1024u);
  BOOST_TEST(attributes[2]["value"]["stringValue"] == "\xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(a_secret_is_taken_out_before_a_text_is_cut) {
  auto from = source;
  from.redact = [](std::string_view text) {
    std::string shown{text};
    if (const auto at = shown.find("the-key"); at != std::string::npos)
      shown.replace(at, 7, "[redacted]");
    return shown;
  };
  auto span = example();
  span.attributes = {{span_keys::job_name, std::string(1020, 'x') + "the-key"}};
  const auto value = only_span(span, from)["attributes"][0]["value"]["stringValue"];
  BOOST_TEST(value.get<std::string>().find("the") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
