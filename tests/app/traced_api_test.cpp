#include "app/traced_api.hpp"
#include "tests/support/recording_tracer.hpp"
#include "tests/support/scripted_api.hpp"

using namespace gleaner;
using namespace gleaner::test;

namespace traced_api {

struct Fixture {
  RecordingTracer tracer;
  ScriptedApi api;
  PageRequest request{"acme.test", 100, 50, foreign_span()};
  std::vector<ApiAnswer> answers;

  void search(const std::string& url = "https://api.example.com/v2") {
    TracedApi traced{api, tracer, url};
    traced.search(request, {}, [this](ApiAnswer answer) { answers.push_back(std::move(answer)); });
  }
  Span span_of(ApiAnswer answer) {
    search();
    api.answer(std::move(answer));
    BOOST_REQUIRE(!tracer.spans().empty());
    return tracer.spans().back();
  }
};

} // namespace traced_api

BOOST_FIXTURE_TEST_SUITE(traced_api, Fixture)

BOOST_AUTO_TEST_CASE(a_request_is_a_span_with_what_it_was_and_nothing_secret) {
  request.resends = 2;
  const auto span = span_of(ScriptedApi::page("body"));
  BOOST_TEST(span.name == "GET");
  BOOST_TEST((span.kind == SpanKind::client));
  BOOST_TEST(span.parent == foreign_span().span_id);
  BOOST_TEST(span.error == "");
  BOOST_TEST((span.end >= span.start));
  BOOST_TEST(attribute(span, "http.request.method") == "GET");
  BOOST_TEST(attribute(span, "http.response.status_code") == "200");
  BOOST_TEST(attribute(span, "http.request.resend_count") == "2");
  BOOST_TEST(attribute(span, "server.address") == "api.example.com");
  BOOST_TEST(attribute(span, "server.port") == "443");
  BOOST_TEST(attribute(span, "url.template") == "/v2/domain-search");
  BOOST_TEST(attribute(span, "gleaner.page.offset") == "100");
  BOOST_TEST(span.attributes.size() == 8u);
  BOOST_TEST(answers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_first_request_is_no_repetition) {
  BOOST_TEST(attribute(span_of(ScriptedApi::page("body")), "http.request.resend_count") == "");
}

BOOST_AUTO_TEST_CASE(what_went_wrong_is_its_type) {
  using Transport = ApiAnswer::Transport;
  BOOST_TEST(span_of(ScriptedApi::status(429)).error == "429");
  BOOST_TEST(span_of(ScriptedApi::without_answer(Transport::timed_out)).error == "timeout");
  BOOST_TEST(span_of(ScriptedApi::without_answer(Transport::failed)).error == "connection_failed");
  const auto refused = span_of(ScriptedApi::without_answer(Transport::tls_failed));
  BOOST_TEST(refused.error == "tls_failed");
  BOOST_TEST(attribute(refused, "http.response.status_code") == "");
}

BOOST_AUTO_TEST_CASE(what_was_not_sent_or_is_not_traced_is_no_span) {
  search();
  api.answer(ScriptedApi::without_answer(ApiAnswer::Transport::unsent));
  request.trace = {};
  search();
  api.answer(ScriptedApi::page("body"));
  BOOST_TEST(tracer.spans().empty());
  BOOST_TEST(answers.size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_servers_name_is_read_from_any_url) {
  const auto server = [this](const std::string& url) {
    search(url);
    api.answer(ScriptedApi::page("body"));
    const auto span = tracer.spans().back();
    return attribute(span, "server.address") + ' ' + attribute(span, "server.port") + ' ' +
           attribute(span, "url.template");
  };
  BOOST_TEST(server("http://127.0.0.1:8080/v2") == "127.0.0.1 8080 /v2/domain-search");
  BOOST_TEST(server("http://localhost") == "localhost 80 /domain-search");
  BOOST_TEST(server("http://[::1]:81/a/b") == "[::1] 81 /a/b/domain-search");
  BOOST_TEST(server("http://[::1]/v2") == "[::1] 80 /v2/domain-search");
}

BOOST_AUTO_TEST_SUITE_END()
