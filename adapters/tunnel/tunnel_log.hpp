#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gleaner::tunnel {

/// What a line of stunnel's log tells us.
struct TunnelLine {
  bool is_problem = false;           ///< A warning or worse, by its level.
  std::optional<std::uint16_t> port; ///< It takes connections there.
  std::string text;                  ///< Without time and level.
};

/// @param line such as "2026.11.27 20:40:47 LOG6[ui]: Service [gate] (FD=3) bound to
/// 127.0.0.1:33037"
TunnelLine read_line(std::string_view line);

/// Hands problems on, one in `pause` at most: anybody who reaches the port can cause them.
class TunnelReports {
public:
  using Time = std::chrono::steady_clock::time_point;

  explicit TunnelReports(std::function<void(const std::string&)> report)
      : report_(std::move(report)) {}

  void problem(const std::string& text, Time now);

private:
  static constexpr std::chrono::seconds pause{10};
  std::function<void(const std::string&)> report_;
  std::optional<Time> last_;
  std::uint64_t kept_back_ = 0;
};

} // namespace gleaner::tunnel
