#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>

namespace gleaner {

/// Stops asking a server that fails again and again: after ten failures in a row, of three domains
/// at least (the trouble may be that of one), it opens for a while, twice as long each time, then
/// lets one request find out. Not thread-safe; time is an argument and never goes back.
class Circuit {
public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// How long until a request may go out; Duration::max() while one is finding out.
  Duration wait(Time now) const;

  /// A request goes out. @pre wait(now) is zero
  void sent();
  /// It did not, after all.
  void returned() { asking_ = false; }

  void succeeded();
  /// `domain`: what was asked for; `asked`: the wait that the server asks for. True when this has
  /// opened the circuit.
  bool failed(Time now, const std::string& domain, Duration asked);

  bool is_open() const noexcept { return open_; }

private:
  std::uint32_t failures_ = 0;    ///< In a row.
  std::set<std::string> domains_; ///< Of these failures; no more than matter.
  bool open_ = false;
  bool asking_ = false; ///< One request is finding out.
  Time until_;
  Duration pause_{};
};

} // namespace gleaner
