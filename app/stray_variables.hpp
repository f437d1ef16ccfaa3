#pragma once

#include "app/config_loader.hpp"

#include <string>
#include <vector>

namespace gleaner {

/// Finds the variables among `names` that look like settings and are none: those that begin with
/// GLEANER_ and a section's name are problems; those that begin like the variable of an API key or
/// of OpenTelemetry, as others may use it, warnings. Their values are not looked at.
void report_stray_variables(LoadedConfig& loaded, std::vector<std::string> names);

} // namespace gleaner
