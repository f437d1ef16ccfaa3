#include "tests/simulator/wire_format.hpp"

#include <algorithm>
#include <charconv>

namespace gleaner::sim {

namespace {

void append_chunk(std::string& out, std::string_view text) {
  char size[16];
  const auto end = std::to_chars(size, size + sizeof size, text.size(), 16).ptr;
  out.append(size, static_cast<std::size_t>(end - size)).append("\r\n").append(text).append("\r\n");
}

} // namespace

bool ends_connection(Delivery delivery) noexcept {
  return delivery != Delivery::whole && delivery != Delivery::chunked;
}

std::string answer_head(const Answer& answer, bool keep_alive) {
  std::string head;
  head.reserve(256);
  head.append("HTTP/1.1 ").append(std::to_string(answer.status)).append(" ");
  head.append(reason_phrase(answer.status)).append("\r\n");
  if (!answer.content_type.empty())
    head.append("Content-Type: ").append(answer.content_type).append("\r\n");
  head.append(answer.headers);
  const auto size = answer.body->size();
  if (answer.delivery == Delivery::chunked || answer.delivery == Delivery::endless)
    head.append("Transfer-Encoding: chunked\r\n");
  else
    head.append("Content-Length: ")
      .append(std::to_string(answer.delivery == Delivery::short_length ? size / 2 : size))
      .append("\r\n");
  head.append(keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
  return head;
}

std::string chunked(const std::string& body) {
  constexpr std::size_t step = 16u << 10;
  std::string out;
  out.reserve(body.size() + body.size() / step * 16 + 32);
  for (std::size_t at = 0; at < body.size(); at += step)
    append_chunk(out, std::string_view{body}.substr(at, step));
  return out.append("0\r\n\r\n");
}

const std::string& endless_part() {
  static const auto part = [] {
    constexpr std::string_view row = R"({"value":"again@huge.test","type":"personal"},)";
    std::string rows = R"({"data":{"emails":[)";
    rows.clear();
    while (rows.size() < (64u << 10))
      rows.append(row);
    std::string out;
    append_chunk(out, rows);
    return out;
  }();
  return part;
}

} // namespace gleaner::sim
