#pragma once

#include "app/top/figures.hpp"

#include <nlohmann/json.hpp>

namespace gleaner {

/// What `gleaner top --json` prints: a document of the schema gleaner.top/1.
nlohmann::ordered_json to_json(const top::Figures& figures);

} // namespace gleaner
