#include "app/setting_kinds.hpp"
#include "app/setting_table.hpp"
#include "app/text_pairs.hpp"

#include <charconv>
#include <sstream>

namespace gleaner {

namespace {

using namespace setting_kinds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

bool is_collector_url(Text url) {
  const auto scheme = url.starts_with("https://") ? 8u : url.starts_with("http://") ? 7u : 0u;
  return url.empty() || (scheme > 0 && url.size() > scheme && is_plain_name(url) &&
                         url.find_first_of("@\\#") == Text::npos);
}

/// OpenTelemetry's durations are numbers of milliseconds.
template <class Member>
Setting otel_duration(Head head, milliseconds least, milliseconds most, Member member) {
  const auto parse = [least, most](Text value) -> std::optional<milliseconds> {
    const auto number = parse_integer(value);
    const auto parsed = number ? std::optional{milliseconds{*number}} : parse_duration(value);
    return parsed && *parsed >= least && *parsed <= most ? parsed : std::nullopt;
  };
  auto accepts = "milliseconds, or a duration with its unit (ms, s, m, h), from " +
                 show_duration(least) + " to " + show_duration(most);
  return make(std::move(head), std::move(accepts), member, parse, show_duration);
}

std::optional<bool> parse_flag(Text value) {
  if (value == "on" || value == "true" || value == "True" || value == "TRUE")
    return true;
  if (value == "off" || value == "false" || value == "False" || value == "FALSE")
    return false;
  return std::nullopt;
}

std::optional<double> parse_ratio(Text value) {
  double ratio = 0;
  const auto* const end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, ratio);
  return read.ec == std::errc{} && read.ptr == end && ratio >= 0 && ratio <= 1
           ? std::optional{ratio}
           : std::nullopt;
}

std::string show_ratio(double ratio) {
  std::ostringstream text;
  text << ratio;
  return text.str();
}

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<Setting> collector_settings() {
  return {
    text(
      {"tracing.endpoint",
       "--otlp-endpoint",
       {"OTEL_EXPORTER_OTLP_ENDPOINT"},
       "Collector of traces, to whose URL /v1/traces is added; without one there are no traces"},
      "an http or https URL, or nothing", [](Config & c) -> auto& { return c.tracing.endpoint; },
      [](Text url) { return is_collector_url(url) && url.find('?') == Text::npos; }),
    text(
      {"tracing.traces_endpoint",
       "--otlp-traces-endpoint",
       {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"},
       "Its whole URL instead"},
      "an http or https URL, or nothing",
      [](Config & c) -> auto& { return c.tracing.traces_endpoint; }, is_collector_url),
    secret(
      {"tracing.headers",
       "",
       {"OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"},
       "Headers for the collector, such as a token"},
      "name=value, or several with commas, values percent-encoded",
      [](Config & c) -> auto& { return c.tracing.headers; },
      [](Text pairs) { return parse_pairs(pairs).has_value(); }),
    choice(
      {"tracing.protocol",
       "--otlp-protocol",
       {"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"},
       "Form in which spans are sent: http/json, also where http/protobuf is asked for; grpc is "
       "refused"},
      {"http/json", "http/protobuf", "grpc"},
      [](Config & c) -> auto& { return c.tracing.protocol; }),
    file(
      {"tracing.tls_ca",
       "--otlp-tls-ca",
       {"OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "OTEL_EXPORTER_OTLP_CERTIFICATE"},
       "CAs that may sign the collector's certificate; else the system's"},
      "PEM", [](Config & c) -> auto& { return c.tracing.tls_ca; }),
    otel_duration(
      {"tracing.timeout",
       "--otlp-timeout",
       {"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"},
       "Time for one request to the collector"},
      milliseconds{10}, minutes{5}, [](Config & c) -> auto& { return c.tracing.timeout; }),
    make(
      {"tracing.disabled", "--otel-disabled", {"OTEL_SDK_DISABLED"}, "Make no traces"},
      "on, off, true or false", [](Config & c) -> auto& { return c.tracing.disabled; }, parse_flag,
      [](bool on) { return std::string{on ? "on" : "off"}; }),
    choice(
      {"tracing.exporter", "--traces-exporter", {"OTEL_TRACES_EXPORTER"}, "Where traces go"},
      {"otlp", "none"}, [](Config & c) -> auto& { return c.tracing.exporter; }),
  };
}

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<Setting> span_settings() {
  return {
    text(
      {"tracing.service_name",
       "--service-name",
       {"OTEL_SERVICE_NAME"},
       "Name of this service in traces"},
      "a name", [](Config & c) -> auto& { return c.tracing.service_name; },
      [](Text name) {
        return !name.empty() && std::all_of(name.begin(), name.end(),
                                            [](unsigned char c) { return c >= ' ' && c != 0x7F; });
      }),
    text(
      {"tracing.resource_attributes",
       "--resource-attributes",
       {"OTEL_RESOURCE_ATTRIBUTES"},
       "What else is said of this process in traces"},
      "name=value, or several with commas, values percent-encoded",
      [](Config & c) -> auto& { return c.tracing.resource_attributes; },
      [](Text pairs) { return parse_pairs(pairs).has_value(); }),
    choice(
      {"tracing.sampler",
       "--traces-sampler",
       {"OTEL_TRACES_SAMPLER"},
       "Which traces are recorded; parentbased_: of those of producers the ones that they record"},
      {"parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio", "always_on",
       "always_off", "traceidratio"},
      [](Config & c) -> auto& { return c.tracing.sampler; }),
    make(
      {"tracing.sampler_ratio",
       "--traces-sampler-ratio",
       {"OTEL_TRACES_SAMPLER_ARG"},
       "Part of the traces that the samplers with traceidratio record"},
      "a number from 0 to 1", [](Config & c) -> auto& { return c.tracing.sampler_ratio; },
      parse_ratio, show_ratio),
    number(
      {"tracing.queue_size",
       "--span-queue-size",
       {"OTEL_BSP_MAX_QUEUE_SIZE"},
       "Spans that may wait for the collector; more are dropped and counted"},
      1, 1000000, [](Config & c) -> auto& { return c.tracing.queue_size; }),
    number(
      {"tracing.batch_size",
       "--span-batch-size",
       {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE"},
       "Spans in one request"},
      1, 100000, [](Config & c) -> auto& { return c.tracing.batch_size; }),
    otel_duration(
      {"tracing.schedule_delay",
       "--span-schedule-delay",
       {"OTEL_BSP_SCHEDULE_DELAY"},
       "Longest wait until a batch is sent"},
      milliseconds{1}, minutes{5}, [](Config & c) -> auto& { return c.tracing.schedule_delay; }),
    otel_duration(
      {"tracing.export_timeout",
       "--span-export-timeout",
       {"OTEL_BSP_EXPORT_TIMEOUT"},
       "Time for a batch to be taken, with all tries; then it is dropped"},
      milliseconds{10}, minutes{10}, [](Config & c) -> auto& { return c.tracing.export_timeout; }),
  };
}

} // namespace

std::vector<Setting> tracing_settings() {
  auto all = collector_settings();
  for (auto& setting : span_settings())
    all.push_back(std::move(setting));
  return all;
}

} // namespace gleaner
