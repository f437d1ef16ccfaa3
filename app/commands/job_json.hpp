#pragma once

#include "adapters/bullmq/job_browser.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

namespace gleaner {

/// A job as `--json` shows it; JSON texts of the queue are embedded as they are.
nlohmann::ordered_json to_json(const bullmq::JobView& job);

/// JSON text of the queue; what is no JSON becomes text.
nlohmann::ordered_json embed(const std::string& text);

/// ISO time, or "" for 0.
std::string time_or_nothing(std::int64_t ms);

/// "1 job", "12 jobs".
std::string jobs_in_words(std::uint64_t count);

/// On one line (indent -1), with what is no UTF-8 replaced.
std::string dump(const nlohmann::ordered_json& json);

} // namespace gleaner
