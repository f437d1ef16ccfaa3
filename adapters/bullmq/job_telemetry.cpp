#include "adapters/bullmq/job_telemetry.hpp"

namespace gleaner::bullmq {

TraceContext read_telemetry(const Json& options) {
  const auto carrier = options.find("tm");
  if (carrier == options.end() || !carrier->is_string())
    return {};
  const auto omit = options.find("omc");
  const auto& text = carrier->get_ref<const std::string&>();
  constexpr std::size_t longest = 4096;
  if ((omit != options.end() && *omit == true) || text.size() > longest)
    return {};
  const auto parsed = parse_shallow(text);
  if (!parsed.is_object())
    return {};
  const auto parent = parsed.find("traceparent");
  if (parent == parsed.end() || !parent->is_string())
    return {};
  return parse_traceparent(parent->get_ref<const std::string&>()).value_or(TraceContext{});
}

std::string telemetry_json(const TraceContext& context) {
  return R"({"traceparent":")" + format_traceparent(context) + R"("})";
}

} // namespace gleaner::bullmq
