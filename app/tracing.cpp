#include "app/tracing.hpp"

#include "adapters/hunter/curl_memory.hpp"
#include "app/event_logger.hpp"
#include "app/redaction.hpp"
#include "app/text_pairs.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace gleaner {

namespace {

/// What the user says goes before what is known here; the name of the service has its own setting.
TextPairs resource_of(const TracingConfig& config, const std::string& version,
                      const std::string& instance) {
  auto said = parse_pairs(config.resource_attributes).value_or(TextPairs{});
  const bool named = config.service_name != TracingConfig{}.service_name;
  TextPairs resource;
  const auto add = [&](const char* name, const std::string& value, bool beats_said) {
    const auto same = [name](const auto& pair) { return pair.first == name; };
    if (beats_said)
      std::erase_if(said, same);
    if (std::none_of(said.begin(), said.end(), same))
      resource.emplace_back(name, value);
  };
  add("service.name", config.service_name, named);
  add("service.version", version, false);
  add("service.instance.id", instance, false);
  resource.insert(resource.end(), said.begin(), said.end());
  return resource;
}

/// A collector may repeat them in its answer, with "Bearer" or without.
std::vector<Secret> secrets_with(const TextPairs& headers, const Config& config) {
  auto secrets = secrets_of(config);
  for (const auto& [name, value] : headers) {
    secrets.emplace_back(value);
    secrets.emplace_back(value.substr(value.rfind(' ') + 1));
  }
  return secrets;
}

} // namespace

std::unique_ptr<otlp::SpanExporter> open_tracing(const Config& config, const std::string& version,
                                                 const std::string& instance, TraceMetrics& metrics,
                                                 EventLog& log) {
  const auto& tracing = config.tracing;
  if (!tracing.on())
    return nullptr;
  hunter::init_curl_once();
  const auto headers = parse_pairs(tracing.headers.view()).value_or(TextPairs{});
  otlp::SpanSource source;
  source.resource = resource_of(tracing, version, instance);
  source.version = version;
  source.redact = [redaction = std::make_shared<Redaction>(secrets_with(headers, config))](
                    std::string_view text) { return redaction->apply(text); };
  std::random_device random;
  const auto seed = std::uint64_t{random()} << 32 | random();
  return std::make_unique<otlp::SpanExporter>(tracing, std::move(source), headers, seed, metrics,
                                              log);
}

} // namespace gleaner
