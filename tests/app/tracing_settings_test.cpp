#include "app/text_pairs.hpp"
#include "tests/support/settings_fixture.hpp"

using namespace gleaner;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace tracing_settings_suite {

struct Fixture : SettingsFixture {
  Fixture() { variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:4318"; }
  TracingConfig with(const std::string& name, const std::string& value) {
    variables[name] = value;
    const auto loaded = load();
    for (const auto& problem : loaded.problems)
      BOOST_FAIL(problem);
    return loaded.config.tracing;
  }
};

std::string shown(const std::optional<TextPairs>& pairs) {
  std::string text;
  if (!pairs)
    return "none";
  for (const auto& [name, value] : *pairs)
    text += name + '=' + value + ';';
  return text;
}

} // namespace tracing_settings_suite

BOOST_FIXTURE_TEST_SUITE(tracing_settings_suite, Fixture)

BOOST_AUTO_TEST_CASE(there_are_no_traces_without_a_collector) {
  BOOST_TEST(load().config.tracing.on());
  variables.clear();
  BOOST_TEST(!load().config.tracing.on());
  BOOST_TEST(with("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://c.example.com/v1/traces").on());
}

BOOST_AUTO_TEST_CASE(each_of_three_variables_turns_them_off) {
  BOOST_TEST(!with("OTEL_SDK_DISABLED", "true").on());
  BOOST_TEST(with("OTEL_SDK_DISABLED", "false").on());
  BOOST_TEST(!with("OTEL_TRACES_EXPORTER", "none").on());
  BOOST_TEST(with("OTEL_TRACES_EXPORTER", "otlp").on());
  BOOST_TEST(!with("OTEL_TRACES_SAMPLER", "always_off").on());
}

BOOST_AUTO_TEST_CASE(times_are_milliseconds_as_everywhere_else_with_these_variables) {
  BOOST_TEST((with("OTEL_EXPORTER_OTLP_TIMEOUT", "2500").timeout == 2500ms));
  BOOST_TEST((with("OTEL_EXPORTER_OTLP_TIMEOUT", "3s").timeout == 3s));
  BOOST_TEST((with("OTEL_BSP_SCHEDULE_DELAY", "1").schedule_delay == 1ms));
}

BOOST_AUTO_TEST_CASE(what_is_for_traces_alone_beats_what_is_for_all_signals) {
  variables["OTEL_EXPORTER_OTLP_HEADERS"] = "a=1";
  BOOST_TEST(with("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "b=2").headers.view() == "b=2");
}

BOOST_AUTO_TEST_CASE(other_protocols_are_refused_where_there_are_traces) {
  variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
  BOOST_TEST(only_problem().find("OTEL_EXPORTER_OTLP_PROTOCOL=http/json") != std::string::npos);
  BOOST_TEST(!with("OTEL_SDK_DISABLED", "true").on());
  variables.erase("OTEL_SDK_DISABLED");
  BOOST_TEST(with("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf").on()); // sent as JSON
}

BOOST_AUTO_TEST_CASE(values_that_make_no_sense_are_refused) {
  for (const auto& [name, value] : std::map<std::string, std::string>{
         {"OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"},
         {"OTEL_EXPORTER_OTLP_ENDPOINT ", "http://user:password@host"},
         {"OTEL_EXPORTER_OTLP_HEADERS", "a=1,b"},
         {"OTEL_EXPORTER_OTLP_PROTOCOL", "http"},
         {"OTEL_EXPORTER_OTLP_TIMEOUT", "0"},
         {"OTEL_SDK_DISABLED", "maybe"},
         {"OTEL_TRACES_EXPORTER", "console"},
         {"OTEL_TRACES_SAMPLER", "sometimes"},
         {"OTEL_TRACES_SAMPLER_ARG", "1.5"},
         {"OTEL_TRACES_SAMPLER_ARG  ", "nan"},
         {"OTEL_RESOURCE_ATTRIBUTES", "a=%0a"},
         {"OTEL_BSP_MAX_QUEUE_SIZE", "-1"}}) {
    const auto variable = name.substr(0, name.find(' '));
    variables = {{variable, value}};
    BOOST_TEST(only_problem().starts_with(variable + ": "), variable);
  }
  variables = {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"},
               {"OTEL_BSP_MAX_QUEUE_SIZE", "100"},
               {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "101"}};
  BOOST_TEST(only_problem().find("batch_size") != std::string::npos);
  variables.erase("OTEL_BSP_MAX_EXPORT_BATCH_SIZE"); // its default gives way
  BOOST_TEST(with("OTEL_BSP_MAX_QUEUE_SIZE", "100").batch_size == 100u);
}

BOOST_AUTO_TEST_CASE(a_ca_that_is_not_there_is_refused_before_anything_is_sent) {
  variables["OTEL_EXPORTER_OTLP_CERTIFICATE"] = folder / "missing.pem";
  BOOST_TEST(only_problem().find("missing.pem: No such file") != std::string::npos);
  variables["OTEL_EXPORTER_OTLP_CERTIFICATE"] = write("ca.pem", "");
  BOOST_TEST(load().problems.empty());
}

BOOST_AUTO_TEST_CASE(headers_that_travel_in_clear_are_warned_of) {
  variables["OTEL_EXPORTER_OTLP_HEADERS"] = "authorization=Bearer%20xyz";
  BOOST_TEST(load().warnings.empty());
  variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://collector:4318";
  const auto loaded = load();
  BOOST_REQUIRE(loaded.warnings.size() == 1u);
  BOOST_TEST(loaded.warnings[0].find("xyz") == std::string::npos);
  variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "https://collector:4318";
  BOOST_TEST(load().warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_variable_of_opentelemetry_that_nobody_knows_is_warned_of) {
  sources.variable_names = {"OTEL_SERVICE_NAMES", "OTEL_SERVICE_NAME", "OTELX"};
  const auto loaded = load();
  BOOST_TEST(loaded.problems.empty());
  BOOST_REQUIRE(loaded.warnings.size() == 1u);
  BOOST_TEST(loaded.warnings[0] == "OTEL_SERVICE_NAMES is not used: no setting has this variable; "
                                   "did you mean OTEL_SERVICE_NAME?");
}

BOOST_AUTO_TEST_CASE(pairs_are_read_as_the_specification_has_them) {
  BOOST_TEST(shown(parse_pairs("")) == "");
  BOOST_TEST(shown(parse_pairs("a=1,b=2")) == "a=1;b=2;");
  BOOST_TEST(shown(parse_pairs(" a = 1 , ,b=x=y,")) == "a=1;b=x=y;");
  BOOST_TEST(shown(parse_pairs("a=Bearer%20x%2Cy")) == "a=Bearer x,y;");
  BOOST_TEST(shown(parse_pairs("a=100%,b=%zz,c=%4")) == "a=100%;b=%zz;c=%4;");
  BOOST_TEST(shown(parse_pairs("a=")) == "a=;");
  for (const auto* bad : {"a", "=1", "a b=1", "a:=1", "a=%0d%0aX: y", "a=\x01"})
    BOOST_TEST(shown(parse_pairs(bad)) == "none", bad);
}

BOOST_AUTO_TEST_SUITE_END()
