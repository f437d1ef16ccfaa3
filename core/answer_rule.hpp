#pragma once

#include "core/answer_class.hpp"
#include "core/api_answer.hpp"
#include "core/error.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner {

/// Statuses from `first` to `last`, within 100..999.
struct StatusRange {
  int first = 0;
  int last = 0;
};

/// What an answer must be for a rule to take it. All must hold; what is left empty asks nothing.
struct AnswerConditions {
  /// Any of them. Statuses below 100 count as 100, those above 999 as 999.
  std::vector<StatusRange> statuses;
  std::optional<bool> is_json;
  std::vector<std::string> error_ids; ///< Any of them; `*` stands for any characters, or none.
  std::vector<std::string> phrases;   ///< The details hold any of them; lower case.
  std::optional<std::chrono::seconds> retry_after_at_least;
  std::optional<std::chrono::seconds> retry_after_at_most;
  bool retry_after_absent = false;
};

/// A number between two texts: the first place of `before` in the details, then digits, `after`.
struct NumberPattern {
  std::string before; ///< Lower case, not empty.
  std::string after;  ///< Lower case.
};

/// One line of a provider's profile: which answers it takes, and what they mean.
struct AnswerRule {
  std::string name;
  AnswerConditions conditions;
  AnswerClass::Verdict verdict = AnswerClass::Verdict::give_up;
  Errc code = Errc::api_rejected;
  NumberPattern cap; ///< plan_cap: where the number stands; without one the rule does not apply.
  std::string reason = "{answer}"; ///< {answer}: status, error id and details; {status}.
};

/// Whether `text` is what `pattern` says, in which each `*` stands for any characters, or none.
bool matches_wildcard(std::string_view pattern, std::string_view text);

/// The number that `pattern` finds; 0 when the text says nothing of the kind.
std::uint32_t number_in(const NumberPattern& pattern, std::string_view lower_details);

/// `text` in lower case, as phrases are compared; letters beyond ASCII stay.
std::string ascii_lower_case(std::string_view text);

/// Whether `rule` takes an answer that came; `lower_details` are its details in lower case.
bool takes(const AnswerRule& rule, const ApiAnswer& answer, std::string_view lower_details);

} // namespace gleaner
