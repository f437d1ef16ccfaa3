#include "adapters/otlp/span_exporter.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/wait_until.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <memory>
#include <mutex>

using namespace gleaner;
using namespace gleaner::otlp;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace span_exporter {

/// Keeps the reasons that it is told.
class Told final : public EventLog {
public:
  void write(LogLevel, std::string_view code, std::string_view,
             std::span<const LogField> fields) override {
    const std::lock_guard guard{mutex_};
    if (code == "trace.export_failed")
      errors_.emplace_back(std::get<std::string_view>(fields[0].value));
  }
  bool enabled(LogLevel) const noexcept override { return true; }
  std::vector<std::string> errors() const {
    const std::lock_guard guard{mutex_};
    return errors_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<std::string> errors_;
};

struct Fixture {
  std::function<HttpReply(int number)> answer = [](int) { return http_reply("200 OK", "{}"); };
  std::atomic<int> came{0};
  ScriptedHttp collector{[this](const std::string&) { return answer(++came); }};
  prometheus::Registry registry;
  TraceMetrics metrics{registry};
  Told log;
  TracingConfig config;
  std::unique_ptr<SpanExporter> exporter;

  Fixture() {
    config.traces_endpoint = collector.url();
    config.schedule_delay = 1ms;
  }
  SpanExporter& open() {
    exporter =
      std::make_unique<SpanExporter>(config, SpanSource{{}, "1.2.3", {}},
                                     SpanExporter::Headers{{"x-token", "abc"}}, 1, metrics, log);
    return *exporter;
  }
  /// A trace with one span.
  void trace(const std::string& name = "work") {
    Span span;
    span.name = name;
    span.context = exporter->begin({}, false);
    span.start = span.end = std::chrono::steady_clock::now();
    exporter->record(std::move(span));
  }
  bool dropped(double spans) {
    return wait_until([&] { return metrics.dropped.Value() == spans; });
  }
  bool exported(double spans) {
    return wait_until([&] { return metrics.exported.Value() == spans; });
  }
};

} // namespace span_exporter

BOOST_FIXTURE_TEST_SUITE(span_exporter, Fixture)

BOOST_AUTO_TEST_CASE(spans_go_out_with_the_headers_and_the_time_of_the_day) {
  open();
  trace();
  BOOST_TEST(exported(1));
  const auto request = collector.requests().at(0);
  BOOST_TEST(request.starts_with("POST /v2 HTTP/1.1\r\n"));
  BOOST_TEST(request.find("Content-Type: application/json\r\n") != std::string::npos);
  BOOST_TEST(request.find("x-token: abc\r\n") != std::string::npos);
  BOOST_TEST(request.find("User-Agent: gleaner/1.2.3\r\n") != std::string::npos);
  const auto body = nlohmann::json::parse(request.substr(request.find("\r\n\r\n")));
  const auto span = body["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
  const auto at = std::stoll(span["startTimeUnixNano"].get<std::string>()) / 1000000000;
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  BOOST_TEST(std::abs(at - now) < 60);
}

BOOST_AUTO_TEST_CASE(the_path_of_traces_is_added_to_a_base) {
  config.endpoint = collector.url() + '/';
  config.traces_endpoint.clear();
  open();
  trace();
  BOOST_TEST(exported(1));
  BOOST_TEST(collector.requests().at(0).starts_with("POST /v2/v1/traces HTTP/1.1\r\n"));
}

BOOST_AUTO_TEST_CASE(closing_sends_what_there_is) {
  config.schedule_delay = 1h;
  open();
  for (int i = 0; i < 3; ++i)
    trace();
  exporter->close();
  BOOST_TEST(metrics.exported.Value() == 3);
  trace();
  BOOST_TEST(metrics.dropped.Value() == 1);
  BOOST_TEST(log.errors().empty());
}

BOOST_AUTO_TEST_CASE(a_collector_that_is_busy_gets_them_again) {
  answer = [](int number) {
    return number < 3 ? http_reply("503 Busy", "") : http_reply("200 OK", "");
  };
  open();
  trace();
  BOOST_TEST(exported(1));
  BOOST_TEST(came == 3);
  BOOST_TEST(metrics.dropped.Value() == 0);
  BOOST_TEST(log.errors().empty());
}

BOOST_AUTO_TEST_CASE(a_wait_that_the_collector_asks_for_is_kept) {
  answer = [](int number) {
    return number == 1 ? http_reply("429 Slow down", "", "Retry-After: 2\r\n")
                       : http_reply("200 OK", "");
  };
  open();
  const auto begin = std::chrono::steady_clock::now();
  trace();
  BOOST_TEST(exported(1));
  BOOST_TEST((std::chrono::steady_clock::now() - begin >= 2s));
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_longer_than_the_time_for_a_batch_drops_it) {
  config.export_timeout = 1s;
  answer = [](int) { return http_reply("429 Slow down", "", "Retry-After: 3600\r\n"); };
  open();
  trace();
  BOOST_TEST(dropped(1));
  BOOST_TEST(came == 1);
}

BOOST_AUTO_TEST_CASE(a_refusal_drops_the_batch_and_is_told_once_until_it_works_again) {
  answer = [](int number) {
    return number == 3 ? http_reply("200 OK", "") : http_reply("400 Bad Request", "");
  };
  open();
  for (int i = 1; i <= 2; ++i) {
    trace();
    BOOST_TEST(dropped(i));
  }
  trace();
  BOOST_TEST(exported(1));
  trace();
  BOOST_TEST(dropped(3));
  exporter->close();
  BOOST_TEST(log.errors().size() == 2u);
  BOOST_TEST(log.errors().at(0) == "the collector answers 400");
}

BOOST_AUTO_TEST_CASE(what_the_collector_leaves_out_counts_as_dropped) {
  config.batch_size = 3;
  config.schedule_delay = 1h;
  answer = [](int) { return http_reply("200 OK", R"({"partialSuccess":{"rejectedSpans":"2"}})"); };
  open();
  for (int i = 0; i < 3; ++i)
    trace();
  BOOST_TEST(exported(1));
  BOOST_TEST(dropped(2));
}

BOOST_AUTO_TEST_CASE(a_full_queue_drops_and_nobody_waits) {
  config.queue_size = 5;
  config.batch_size = 1;
  config.timeout = 1s;
  config.export_timeout = 500ms;
  answer = [](int) { return HttpReply{"", HttpReply::Then::hold}; };
  open();
  trace();
  BOOST_TEST(collector.wait_for_requests(1));
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10000; ++i)
    trace();
  BOOST_TEST((std::chrono::steady_clock::now() - begin < 5s));
  BOOST_TEST(metrics.dropped.Value() >= 9990);
  BOOST_TEST(wait_until([&] { return !log.errors().empty(); }));
}

BOOST_AUTO_TEST_CASE(a_collector_that_hangs_holds_up_the_end_for_some_seconds_only) {
  answer = [](int) { return HttpReply{"", HttpReply::Then::hold}; };
  open();
  trace();
  BOOST_TEST(collector.wait_for_requests(1));
  const auto begin = std::chrono::steady_clock::now();
  exporter->close();
  BOOST_TEST((std::chrono::steady_clock::now() - begin < 8s));
  BOOST_TEST(metrics.dropped.Value() == 1);
}

BOOST_AUTO_TEST_CASE(nobody_at_the_address_is_tried_again_until_the_time_is_over) {
  config.traces_endpoint = "http://127.0.0.1:1/v1/traces";
  config.export_timeout = 1500ms;
  open();
  trace();
  BOOST_TEST(dropped(1));
  exporter->close();
  BOOST_REQUIRE(log.errors().size() == 1u);
  BOOST_TEST(log.errors()[0].find("127.0.0.1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_sampler_decides_and_a_trace_that_is_not_taken_has_no_context) {
  const TraceContext left{1, 2, 3, false};
  BOOST_TEST(open().begin({}, false).sampled);
  BOOST_TEST((exporter->begin(left, false) == TraceContext{}));
  const auto taken = exporter->begin({1, 2, 3, true}, false);
  BOOST_TEST((taken.trace_high == 1 && taken.trace_low == 2 && taken.span_id != 3));
  config.sampler = "traceidratio";
  config.sampler_ratio = 0;
  BOOST_TEST((open().begin({1, 2, 3, true}, false) == TraceContext{}));
  config.sampler = "always_on";
  BOOST_TEST(open().begin(left, false).sampled);
  config.sampler = "parentbased_always_off";
  BOOST_TEST(!open().begin({}, false).sampled);
  BOOST_TEST(exporter->begin({1, 2, 3, true}, false).sampled);
}

BOOST_AUTO_TEST_SUITE_END()
