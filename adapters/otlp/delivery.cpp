#include "adapters/otlp/delivery.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace gleaner::otlp {

namespace {

using Json = nlohmann::json;

constexpr std::size_t longest_reason = 4096; // shown shorter, but not before secrets are out of it
constexpr std::chrono::seconds longest_wait = std::chrono::hours{1};

/// A 64-bit integer of OTLP, a text or a number; 0 for anything else.
std::uint64_t count_in(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end())
    return 0;
  if (found->is_number_unsigned())
    return found->get<std::uint64_t>();
  std::uint64_t count = 0;
  if (found->is_string()) {
    const auto& text = found->get_ref<const std::string&>();
    std::from_chars(text.data(), text.data() + text.size(), count);
  }
  return count;
}

Delivery judge_taken(std::string_view body) {
  Delivery delivery;
  delivery.taken = true;
  const auto json = Json::parse(body, nullptr, false);
  const auto partial = json.is_object() ? json.find("partialSuccess") : json.end();
  if (!json.is_object() || partial == json.end() || !partial->is_object())
    return delivery;
  delivery.rejected = count_in(*partial, "rejectedSpans");
  const auto reason = partial->find("errorMessage");
  if (delivery.rejected > 0)
    delivery.why = "the collector left out " + std::to_string(delivery.rejected) + " spans" +
                   (reason != partial->end() && reason->is_string()
                      ? ": " + reason->get<std::string>().substr(0, longest_reason)
                      : std::string{});
  return delivery;
}

} // namespace

Delivery judge(long status, std::string_view body, std::chrono::seconds retry_after) {
  if (status >= 200 && status < 300)
    return judge_taken(body);
  Delivery delivery;
  delivery.again = status == 429 || status == 502 || status == 503 || status == 504;
  delivery.wait = std::clamp<std::chrono::seconds>(retry_after, {}, longest_wait);
  delivery.why = "the collector answers " + std::to_string(status);
  if (status == 404)
    delivery.why += "; is the endpoint that of OTLP over HTTP, and its path right?";
  else if (status == 401 || status == 403)
    delivery.why += "; check tracing.headers (OTEL_EXPORTER_OTLP_HEADERS)";
  return delivery;
}

std::chrono::milliseconds pause_after(std::uint32_t tries, double random) {
  constexpr double longest_ms = 5000;
  const auto whole = std::min(longest_ms, 1000.0 * (1u << std::min(tries - 1, 10u)));
  return std::chrono::milliseconds{static_cast<std::int64_t>(whole * (1 - random / 2))};
}

} // namespace gleaner::otlp
