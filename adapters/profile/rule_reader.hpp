#pragma once

#include "adapters/profile/toml_section.hpp"
#include "core/answer_rule.hpp"

#include <vector>

namespace gleaner::profile {

/// The tables [[answer]], in their order. Also reports names that stand twice, rules that can never
/// decide, and answers that may find no rule.
std::vector<AnswerRule> read_rules(const toml::array& tables, Problems& problems);

} // namespace gleaner::profile
