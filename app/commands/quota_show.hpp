#pragma once

#include "app/command.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace gleaner {

/// Prints the state of every key; the first error, if any, decides the exit code.
int show_quota(bool json, const CommandEnvironment& environment);

/// Without needless zeros: "12", "0.5"; "-" for an unknown number.
std::string show_credits(std::optional<double> credits);

/// null for an unknown number.
nlohmann::ordered_json as_json(const std::optional<double>& number);

} // namespace gleaner
