#pragma once

#include "tests/simulator/switches.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gleaner::sim {

/// Where a request carried its key.
enum class Auth : std::uint8_t { none, query, x_api_key, bearer };
std::string_view to_string(Auth auth) noexcept;

/// One request to the simulated API.
struct Call {
  double time_ms = 0;       ///< Steady, since the simulator's start.
  std::int64_t wall_ms = 0; ///< Epoch.
  std::string_view method;  ///< Of static storage.
  std::string target;       ///< Path and query, key masked, at most 2,048 characters.
  std::string key;          ///< Masked.
  std::uint32_t agent = 0;  ///< Index into the log's user agents.
  Auth auth = Auth::none;
  Ending ending = Ending::open;
  bool redirected = false;
  std::uint16_t status = 0;
  std::uint64_t bytes = 0; ///< Of the body, as sent.
  double credits = 0;
};

/// Which calls an admin wants to see.
struct CallSelection {
  std::uint64_t since = 0; ///< Only calls with this number or a later one.
  std::size_t most = static_cast<std::size_t>(-1);
  std::string domain; ///< Empty: all.
};

/// The latest calls, oldest first. Numbers go on when calls are dropped or cleared.
class CallLog {
public:
  explicit CallLog(std::size_t capacity) : capacity_(capacity) {}

  /// Returns the call's number.
  std::uint64_t add(Call call);
  /// The call with this number, or nullptr when it was dropped.
  Call* find(std::uint64_t number);
  /// A user agent's index.
  std::uint32_t agent(std::string_view name);

  std::string to_json_array(const CallSelection& selection) const;
  std::uint64_t dropped() const { return dropped_; }
  void clear();

private:
  void append(std::string& out, std::uint64_t number, const Call& call) const;

  std::size_t capacity_;
  std::deque<Call> calls_;
  std::uint64_t first_ = 0; ///< Number of calls_.front().
  std::uint64_t dropped_ = 0;
  std::vector<std::string> agents_;
  std::unordered_map<std::string, std::uint32_t> agent_index_;
};

} // namespace gleaner::sim
