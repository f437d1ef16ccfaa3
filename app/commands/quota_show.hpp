#pragma once

#include "app/command.hpp"

#include <nlohmann/json.hpp>

#include <optional>

namespace gleaner {

/// Prints the state of every key; the first error, if any, decides the exit code.
int show_quota(bool json, const CommandEnvironment& environment);

/// null for an unknown number.
nlohmann::ordered_json as_json(const std::optional<double>& number);

} // namespace gleaner
