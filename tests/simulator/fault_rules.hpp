#pragma once

#include "tests/simulator/switches.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner::sim {

/// A fault to play: a kind, or an answer of its own.
struct Fault {
  std::optional<FaultKind> kind;
  std::optional<Answer> answer; ///< When there is no kind.
  std::uint32_t delay_ms = 0;
};

/// What a rule looks at.
struct FaultSubject {
  std::string_view path;
  std::string_view domain;
  std::uint32_t page = 1;
  std::string_view key;
};

/// Faults scripted by admin calls, asked in the order in which they came.
class FaultRules {
public:
  /// Adds a rule or an array of rules:
  /// {match: {domain?, page?, nth?, path?, key?}, times?, answer: {status, headers, body} |
  /// {kind}}. `domain` may begin or end with '*'. Throws std::invalid_argument and adds nothing
  /// when one is not understood.
  void add(const Json& rules);

  /// The fault for a request; uses up one of the rule's times.
  std::optional<Fault> take(const FaultSubject& subject);

  Json to_json() const;
  void clear() { rules_.clear(); }
  bool empty() const { return rules_.empty(); }

private:
  struct Rule {
    Json source;
    std::string domain, path, key;
    std::uint32_t page = 0;  ///< 0: all.
    std::uint32_t nth = 0;   ///< Only the nth request that fits; 0: all.
    std::uint32_t times = 1; ///< 0: without end.
    Fault fault;
    std::uint32_t seen = 0, played = 0;
  };

  static Rule parse(const Json& source);
  static void parse_match(const Json& match, Rule& rule);
  static Fault parse_fault(const Json& answer);
  static bool fits(const Rule& rule, const FaultSubject& subject);

  std::vector<Rule> rules_;
};

} // namespace gleaner::sim
