#include "adapters/tunnel/tunnel_log.hpp"

#include <charconv>
#include <utility>

namespace gleaner::tunnel {

namespace {

constexpr char least_problem = '4'; // of syslog's levels: a warning

/// Peers' names are in the log, too: only what stunnel says of itself in that very form counts.
std::optional<std::uint16_t> port_in(std::string_view text) {
  constexpr std::string_view form = "Service [cluster] (FD=";
  constexpr std::string_view rest = ") bound to ";
  const auto closed = text.find(')');
  if (!text.starts_with(form) || closed == std::string_view::npos ||
      !text.substr(closed).starts_with(rest))
    return std::nullopt;
  const auto digits = text.substr(text.rfind(':') + 1);
  std::uint16_t port = 0;
  const auto end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, port);
  return read.ec == std::errc{} && read.ptr == end ? std::optional{port} : std::nullopt;
}

/// Until it has opened its log stunnel writes in another form, and only when it can't start.
bool tells_failed_start(std::string_view line) {
  return line.starts_with("[!] ") || line.starts_with("[.] Binding service ");
}

} // namespace

TunnelLine read_line(std::string_view line) {
  constexpr std::size_t form = 4;
  if (tells_failed_start(line))
    return {true, {}, std::string{line.substr(form)}};
  constexpr std::string_view mark = " LOG";
  const auto level = line.find(mark);
  const auto end = line.find("]: ", level);
  if (level == std::string_view::npos || end == std::string_view::npos)
    return {false, {}, std::string{line}};
  const auto text = line.substr(end + 3);
  const bool is_own = line.substr(level).starts_with(" LOG6[ui]: ");
  return {line[level + mark.size()] <= least_problem, is_own ? port_in(text) : std::nullopt,
          std::string{text}};
}

void TunnelReports::problem(const std::string& text, Time now) {
  if (last_ && now - *last_ < pause) {
    ++kept_back_;
    return;
  }
  last_ = now;
  const auto before = std::exchange(kept_back_, 0);
  report_(before == 0 ? text
                      : text + " (and " + std::to_string(before) + " more like it since the last)");
}

} // namespace gleaner::tunnel
