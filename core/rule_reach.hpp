#pragma once

#include "core/answer_rule.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gleaner {

/// Why no answer can ever come to `rules[index]`, as the rest of a sentence that begins with the
/// rule: its conditions exclude each other, or rules before it take all that it would take.
/// Nothing when some answer may. What can't be told from the conditions counts as possible.
std::optional<std::string> why_never(const std::vector<AnswerRule>& rules, std::size_t index);

/// Classes ("4xx") with a status that no rule takes whatever else the answer says.
std::vector<std::string> open_classes(const std::vector<AnswerRule>& rules);

} // namespace gleaner
