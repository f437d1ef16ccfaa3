#pragma once

#include "adapters/profile/toml_section.hpp"
#include "core/answer_rule.hpp"

#include <string>

namespace gleaner::profile {

/// The conditions of one rule; `path` is what problems call it.
void read_conditions(Section& section, const std::string& path, Problems& problems,
                     AnswerConditions& into);

} // namespace gleaner::profile
