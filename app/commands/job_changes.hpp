#pragma once

#include "app/command.hpp"

namespace gleaner {

/// `jobs retry`, `promote` and `remove`.
void add_job_changes(CLI::App& jobs, Command& chosen);

} // namespace gleaner
