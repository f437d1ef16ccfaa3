#include "adapters/otlp/span_json.hpp"

#include "core/span_names.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>

namespace gleaner::otlp {

namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr int status_error = 2; ///< OTLP's STATUS_CODE_ERROR.
constexpr std::size_t longest_text = 1024;
constexpr std::size_t longest_secret = 4096;

OrderedJson attribute(std::string_view key, OrderedJson value) {
  return {{"key", key}, {"value", std::move(value)}};
}

/// 64-bit integers are texts in JSON, since not every reader has so long numbers.
OrderedJson value_of(const SpanSource& source,
                     const std::variant<std::string, std::int64_t>& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return {{"intValue", std::to_string(*number)}};
  const auto& text = std::get<std::string>(value);
  // Secrets go first: what is left of one that was cut would not be known as one.
  const auto first = text.substr(0, longest_text + longest_secret);
  return {{"stringValue", (source.redact ? source.redact(first) : first).substr(0, longest_text)}};
}

OrderedJson attributes_of(const SpanSource& source, const Span& span) {
  auto all = OrderedJson::array();
  for (const auto& [key, value] : span.attributes)
    all.push_back(attribute(key, value_of(source, value)));
  if (!span.error.empty())
    all.push_back(attribute(span_keys::error_type, value_of(source, span.error)));
  return all;
}

std::string nanoseconds(std::chrono::steady_clock::duration since_epoch) {
  return std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count());
}

OrderedJson span_json(const SpanSource& source, const Span& span,
                      std::chrono::steady_clock::time_point epoch) {
  OrderedJson json{{"traceId", trace_id_text(span.context)},
                   {"spanId", span_id_text(span.context.span_id)}};
  if (span.parent != 0)
    json["parentSpanId"] = span_id_text(span.parent);
  json["name"] = span.name;
  json["kind"] = static_cast<int>(span.kind);
  json["startTimeUnixNano"] = nanoseconds(span.start - epoch);
  json["endTimeUnixNano"] = nanoseconds(span.end - epoch);
  json["attributes"] = attributes_of(source, span);
  if (span.link)
    json["links"].push_back(OrderedJson{{"traceId", trace_id_text(*span.link)},
                                        {"spanId", span_id_text(span.link->span_id)}});
  json["status"] = span.error.empty() ? OrderedJson::object() : OrderedJson{{"code", status_error}};
  return json;
}

} // namespace

std::string export_request(const SpanSource& source, std::span<const Span> spans,
                           std::chrono::steady_clock::time_point epoch) {
  auto resource = OrderedJson::array();
  for (const auto& [name, value] : source.resource)
    resource.push_back(attribute(name, {{"stringValue", value}}));
  auto list = OrderedJson::array();
  for (const auto& span : spans)
    list.push_back(span_json(source, span, epoch));
  OrderedJson scope_spans;
  scope_spans["scope"] = {{"name", "gleaner"}, {"version", source.version}};
  scope_spans["spans"] = std::move(list);
  OrderedJson resource_spans;
  resource_spans["resource"]["attributes"] = std::move(resource);
  resource_spans["scopeSpans"].push_back(std::move(scope_spans));
  OrderedJson request;
  request["resourceSpans"].push_back(std::move(resource_spans));
  return request.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

} // namespace gleaner::otlp
