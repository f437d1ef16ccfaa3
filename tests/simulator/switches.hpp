#pragma once

#include "tests/simulator/fault_kind.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner::sim {

using Json = nlohmann::ordered_json;

/// So many requests in any stretch of so much time.
struct LimitWindow {
  std::uint32_t requests = 0;
  std::chrono::milliseconds period{0};
};

/// "15/s,500/min", "100/10s" or "off". Throws std::invalid_argument that names the remedy.
std::vector<LimitWindow> parse_limits(std::string_view text);
std::string to_string(const std::vector<LimitWindow>& limits);

/// What the simulator does everywhere; each can be set by flag or admin call while it runs.
struct Switches {
  std::vector<LimitWindow> limits{{15, std::chrono::seconds{1}}, {500, std::chrono::minutes{1}}};
  std::string throttle_style = "403";      ///< 403, 429, retry-after, http-date, hours.
  std::string quota_style = "429";         ///< 429, 402, restricted, partial.
  std::string cost = "per-10";             ///< per-10, per-email, per-request.
  std::string nulls = "mixed";             ///< mixed, all, none.
  std::uint32_t delay_ms = 0;              ///< Before each answer.
  std::uint32_t plan_cap = 0;              ///< 0: by plan level (level 0: 10).
  std::optional<std::uint32_t> plan_level; ///< Overrides the keys' own.
  bool repeat_free = true; ///< A repeated search costs nothing within a billing period.
  bool legacy_fields = false;
  bool decision_maker = false;
  bool extra_keys = false;
  bool null_domain = false; ///< data.domain is null when nobody is known.
  bool strict_filters = false;
  bool drift = false;
  bool duplicates = false;
  bool short_pages = false;
  bool gzip = false;    ///< When Accept-Encoding asks for it.
  bool chunked = false; ///< Instead of Content-Length.
  bool ratelimit_headers = false;
  bool email_count_needs_key = false;
  std::map<FaultKind, double> fault_rates; ///< Share of searches, 0..1.
};

/// Sets one switch. Throws std::invalid_argument that names the input and what is possible.
void set_switch(Switches& switches, std::string_view name, const Json& value);

/// Sets all members of an object, or none when one of them is refused.
void set_switches(Switches& switches, const Json& object);

Json to_json(const Switches& switches);

/// Names and values, for --help.
std::string switch_help();

} // namespace gleaner::sim
