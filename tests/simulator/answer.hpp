#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gleaner::sim {

/// One request as the session read it; views live until the answer is made.
struct Request {
  std::string_view method;
  std::string_view path;  ///< Without the query.
  std::string_view query; ///< Raw, without '?'.
  std::string_view body;
  std::string_view user_agent;
  std::string_view authorization;
  std::string_view x_api_key;
  std::string_view accept_encoding;
  bool at_redirect_target = false; ///< Came to the port that `redirect` answers point to.
};

/// How an answer is put on the wire.
enum class Delivery : std::uint8_t {
  whole,
  chunked,
  cut,          ///< Half of the announced body, then an orderly close.
  short_length, ///< Content-Length names half of what follows.
  reset,        ///< No byte, then a TCP reset.
  reset_body,   ///< Half of the body, then a TCP reset.
  stall,        ///< No byte, the connection stays open.
  stall_body,   ///< Half of the body, the connection stays open.
  endless       ///< A chunked body without end.
};

/// How a call ended, as the call log tells it.
enum class Ending : std::uint8_t {
  open,    ///< Not answered yet.
  served,  ///< All bytes were handed to the kernel.
  cut,     ///< Cut on purpose.
  reset,   ///< Reset on purpose.
  stalled, ///< Left hanging on purpose.
  aborted  ///< The client went first.
};
std::string_view to_string(Ending ending) noexcept;

using Body = std::shared_ptr<const std::string>;

struct Answer {
  int status = 200;
  std::string_view content_type = "application/json; charset=utf-8";
  std::string headers; ///< Further header lines, each with its CRLF.
  Body body;
  Delivery delivery = Delivery::whole;
  std::chrono::milliseconds delay{0};
  double credits = 0;
};

Answer json_answer(std::string body, int status = 200);

/// The API's error envelope.
Answer error_answer(int status, std::string_view id, std::string_view details);

/// What proxies in front of the API send.
Answer html_answer(int status, std::string_view title);

/// `text` as a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD.
std::string json_quoted(std::string_view text);

std::string_view reason_phrase(int status) noexcept;

} // namespace gleaner::sim
