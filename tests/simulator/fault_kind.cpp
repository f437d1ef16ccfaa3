#include "tests/simulator/fault_kind.hpp"

#include "tests/simulator/gzip.hpp"

#include <algorithm>

namespace gleaner::sim {

namespace {

constexpr std::size_t bomb_megabytes = 64;

Answer block1010_answer() {
  auto answer =
    html_answer(403, "Access denied | api.hunter.io used Cloudflare to restrict access");
  answer.body = std::make_shared<const std::string>(*answer.body + "error code: 1010\n");
  answer.headers = "cf-ray: 8f0000000000sim0-SIM\r\n";
  return answer;
}

Answer gzip_labelled(Body body) {
  Answer answer;
  answer.body = std::move(body);
  answer.headers = "Content-Encoding: gzip\r\n";
  return answer;
}

Answer endless_answer() {
  auto answer = json_answer({});
  answer.delivery = Delivery::endless;
  return answer;
}

} // namespace

const std::vector<FaultDescription>& all_faults() {
  using K = FaultKind;
  static const std::vector<FaultDescription> faults{
    {K::fail500, "fail500", "500 with an HTML page"},
    {K::fail502, "fail502", "502 with an HTML page"},
    {K::fail503, "fail503", "503 with an HTML page"},
    {K::fail520, "fail520", "520 with an HTML page"},
    {K::throttle, "throttle", "the rate limit's answer, in the style of `throttle_style`"},
    {K::quota, "quota", "429 too_many_requests, text of a used-up billing period"},
    {K::payment, "payment", "402, text about purchasing credits"},
    {K::restricted, "restricted", "429 restricted_account"},
    {K::claimed, "claimed", "451 claimed_email"},
    {K::forbidden, "forbidden", "403 forbidden, text about permissions"},
    {K::unauthorized, "unauthorized", "401 authentication_failed"},
    {K::amb429, "amb429", "429 too_many_requests with neither Retry-After nor a telling text"},
    {K::block1010, "block1010", "403 with Cloudflare's HTML, error code 1010"},
    {K::notjson, "notjson", "200 with an HTML page"},
    {K::errors200, "errors200", "200 with an errors envelope"},
    {K::nodata, "nodata", "200 with `{}`"},
    {K::nobody, "nobody", "200 with an empty body"},
    {K::redirect, "redirect", "302 to a second port (calls there are logged with redirected:true)"},
    {K::cut, "cut", "half of the announced body, then the connection ends"},
    {K::cutjson, "cutjson", "whole HTTP message whose JSON breaks off in the middle"},
    {K::shortlength, "shortlength", "Content-Length names half of the body"},
    {K::reset, "reset", "TCP reset instead of an answer"},
    {K::resetbody, "resetbody", "TCP reset in the middle of the body"},
    {K::stall, "stall", "no byte, connection left open"},
    {K::stallbody, "stallbody", "half of the body, connection left open"},
    {K::huge, "huge", "a chunked body without end"},
    {K::bomb, "bomb", "64 MB of JSON in 64 kB of gzip"},
    {K::badgzip, "badgzip", "Content-Encoding: gzip before a body that is none"},
  };
  return faults;
}

std::string_view to_string(FaultKind kind) noexcept {
  return all_faults()[static_cast<std::size_t>(kind)].name;
}

std::optional<FaultKind> fault_named(std::string_view name) {
  const auto& faults = all_faults();
  const auto found = std::find_if(faults.begin(), faults.end(),
                                  [&](const auto& fault) { return fault.name == name; });
  return found == faults.end() ? std::nullopt : std::optional{found->kind};
}

bool spoils_page(FaultKind kind) noexcept {
  switch (kind) {
  case FaultKind::cut:
  case FaultKind::cutjson:
  case FaultKind::shortlength:
  case FaultKind::resetbody:
  case FaultKind::stallbody:
    return true;
  default:
    return false;
  }
}

void spoil_page(FaultKind kind, Answer& page) {
  switch (kind) {
  case FaultKind::cut:
    page.delivery = Delivery::cut;
    break;
  case FaultKind::shortlength:
    page.delivery = Delivery::short_length;
    break;
  case FaultKind::resetbody:
    page.delivery = Delivery::reset_body;
    break;
  case FaultKind::stallbody:
    page.delivery = Delivery::stall_body;
    break;
  case FaultKind::cutjson:
    page.body = std::make_shared<const std::string>(page.body->substr(0, page.body->size() / 2));
    break;
  default:
    break;
  }
}

Answer quota_answer() {
  return error_answer(429, "too_many_requests",
                      "You've reached the limit for the number of searches per billing period "
                      "included in your plan.");
}

Answer payment_answer() {
  return error_answer(
    402, "insufficient_credits",
    "You have no searches left: upgrade your plan or purchase additional credits.");
}

Answer restricted_answer() {
  return error_answer(429, "restricted_account", "Your account has no usable subscription.");
}

namespace {

/// Refusals and faults of the API itself.
std::optional<Answer> refusal(FaultKind kind) {
  switch (kind) {
  case FaultKind::quota:
    return quota_answer();
  case FaultKind::payment:
    return payment_answer();
  case FaultKind::restricted:
    return restricted_answer();
  case FaultKind::claimed:
    return error_answer(451, "claimed_email",
                        "The owner of this data asked us to stop processing it.");
  case FaultKind::forbidden:
    return error_answer(403, "forbidden", "You don't have the permission to perform this call.");
  case FaultKind::unauthorized:
    return error_answer(401, "authentication_failed", "No user found for the API key supplied");
  case FaultKind::amb429:
    return error_answer(429, "too_many_requests", "Too many requests.");
  case FaultKind::errors200: {
    auto answer = error_answer(500, "internal_error", "Something went wrong.");
    answer.status = 200;
    return answer;
  }
  default:
    return std::nullopt;
  }
}

} // namespace

Answer fault_answer(FaultKind kind) {
  if (auto refused = refusal(kind))
    return std::move(*refused);
  switch (kind) {
  case FaultKind::fail500:
    return html_answer(500, "500 Internal Server Error");
  case FaultKind::fail502:
    return html_answer(502, "502 Bad Gateway");
  case FaultKind::fail503:
    return html_answer(503, "503 Service Temporarily Unavailable");
  case FaultKind::fail520:
    return html_answer(520, "520: Web server is returning an unknown error");
  case FaultKind::block1010:
    return block1010_answer();
  case FaultKind::notjson:
    return html_answer(200, "Just a moment...");
  case FaultKind::nodata:
    return json_answer("{}");
  case FaultKind::huge:
    return endless_answer();
  case FaultKind::bomb:
    return gzip_labelled(gzip_bomb(bomb_megabytes));
  case FaultKind::badgzip:
    return gzip_labelled(std::make_shared<const std::string>("{\"data\":{}}"));
  default:
    break;
  }
  auto answer = json_answer({});
  if (kind == FaultKind::reset)
    answer.delivery = Delivery::reset;
  if (kind == FaultKind::stall)
    answer.delivery = Delivery::stall;
  return answer;
}

} // namespace gleaner::sim
