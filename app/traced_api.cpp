#include "app/traced_api.hpp"

#include "core/span_names.hpp"

#include <charconv>
#include <chrono>
#include <memory>
#include <string_view>

namespace gleaner {

namespace {

/// What kept the answer away, or its status when it is an error; empty: neither.
std::string error_of(const ApiAnswer& answer) {
  using Transport = ApiAnswer::Transport;
  switch (answer.transport) {
  case Transport::answered:
    return answer.status >= 400 ? std::to_string(answer.status) : std::string{};
  case Transport::failed:
    return "connection_failed";
  case Transport::timed_out:
    return "timeout";
  case Transport::too_slow:
    return "body_too_slow";
  case Transport::too_large:
    return "body_too_large";
  case Transport::tls_failed:
    return "tls_failed";
  case Transport::address_refused:
    return "address_refused";
  case Transport::unsent:
    return "unsent";
  case Transport::node_lost:
    return "node_lost";
  }
  return {};
}

void finish(Span& span, const ApiAnswer& answer) {
  span.end = std::chrono::steady_clock::now();
  span.error = error_of(answer);
  if (answer.status != 0)
    span.attributes.push_back({span_keys::status, std::int64_t{answer.status}});
}

} // namespace

TracedApi::TracedApi(HunterApi& api, Tracer& tracer, const std::string& url)
    : api_(api), tracer_(tracer) {
  const bool secure = url.starts_with("https://");
  const auto begin = url.find("://") + 3;
  const auto path = std::min(url.find('/', begin), url.size());
  const auto authority = std::string_view{url}.substr(begin, path - begin);
  const auto colon = authority.rfind(':');
  const bool has_port =
    colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  host_ = authority.substr(0, has_port ? colon : authority.size());
  port_ = secure ? 443 : 80;
  if (has_port)
    std::from_chars(authority.data() + colon + 1, authority.data() + authority.size(), port_);
  url_template_ = url.substr(path) + "/domain-search";
}

Span TracedApi::begun(const PageRequest& request) {
  auto span =
    child_span(span_names::get, SpanKind::client, tracer_.child(request.trace), request.trace);
  span.start = std::chrono::steady_clock::now();
  span.attributes = {{span_keys::method, "GET"},
                     {span_keys::server_address, host_},
                     {span_keys::server_port, port_},
                     {span_keys::url_template, url_template_},
                     {span_keys::page_offset, std::int64_t{request.offset}},
                     {span_keys::page_limit, std::int64_t{request.limit}}};
  if (request.resends > 0)
    span.attributes.push_back({span_keys::resend_count, std::int64_t{request.resends}});
  return span;
}

void TracedApi::search(const PageRequest& request,
                       std::chrono::steady_clock::time_point send_before,
                       std::function<void(ApiAnswer)> reply) {
  if (!request.trace.sampled)
    return api_.search(request, send_before, std::move(reply));
  api_.search(
    request, send_before,
    [&tracer = tracer_, span = begun(request), reply = std::move(reply)](ApiAnswer answer) mutable {
      if (answer.transport != ApiAnswer::Transport::unsent) {
        finish(span, answer);
        tracer.record(std::move(span));
      }
      reply(std::move(answer));
    });
}

} // namespace gleaner
