#pragma once

#include "core/config.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The texts in which settings are written, in files, variables and flags alike. Each reader gives
/// nothing for a text that it does not understand.
namespace gleaner {

/// Without spaces around it.
std::string_view trimmed(std::string_view text);

/// "500ms", "30s", "5m", "2h": a whole number and its unit.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::string show_duration(std::chrono::milliseconds duration);

/// "8MiB", "64KiB", "1000B".
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string show_size(std::uint64_t bytes);

/// "15/s,500/min" or "off"; periods are s, min, h or a duration ("100/10s"), each of them once. The
/// error says what is wrong and what to write.
Result<std::vector<RateWindow>> parse_limits(std::string_view text);
std::string show_limits(const std::vector<RateWindow>& limits);

std::optional<std::int64_t> parse_integer(std::string_view text);

/// "0640", in octal.
std::optional<std::uint32_t> parse_mode(std::string_view text);
std::string show_mode(std::uint32_t mode);

} // namespace gleaner
