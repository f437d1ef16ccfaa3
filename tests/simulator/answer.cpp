#include "tests/simulator/answer.hpp"

#include <nlohmann/json.hpp>

namespace gleaner::sim {

std::string_view to_string(Ending ending) noexcept {
  switch (ending) {
  case Ending::open:
    return "open";
  case Ending::served:
    return "served";
  case Ending::cut:
    return "cut";
  case Ending::reset:
    return "reset";
  case Ending::stalled:
    return "stalled";
  case Ending::aborted:
    return "aborted";
  }
  return "?";
}

std::string json_quoted(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Answer json_answer(std::string body, int status) {
  Answer answer;
  answer.status = status;
  answer.body = std::make_shared<const std::string>(std::move(body));
  return answer;
}

Answer error_answer(int status, std::string_view id, std::string_view details) {
  return json_answer("{\"errors\":[{\"id\":" + json_quoted(id) + ",\"code\":" +
                       std::to_string(status) + ",\"details\":" + json_quoted(details) + "}]}",
                     status);
}

Answer html_answer(int status, std::string_view title) {
  auto answer =
    json_answer("<!DOCTYPE html>\n<html><head><title>" + std::string{title} +
                  "</title></head><body><h1>" + std::string{title} + "</h1></body></html>\n",
                status);
  answer.content_type = "text/html; charset=UTF-8";
  return answer;
}

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
  case 200:
    return "OK";
  case 302:
    return "Found";
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 402:
    return "Payment Required";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 429:
    return "Too Many Requests";
  case 451:
    return "Unavailable For Legal Reasons";
  case 500:
    return "Internal Server Error";
  case 502:
    return "Bad Gateway";
  case 503:
    return "Service Unavailable";
  default:
    return "Status";
  }
}

} // namespace gleaner::sim
