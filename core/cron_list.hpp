#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner {

/// One field of a cron pattern: its name in error messages and the values it takes.
struct CronField {
  std::string_view name;
  unsigned min = 0;
  unsigned max = 0;
  std::string_view allowed;
  std::span<const std::string_view> names = {}; ///< In lower case; the first one stands for `min`.
};

/// `text` in quotes, short and without control characters: anything may stand in a job's pattern.
std::string quote_for_error(std::string_view text);

/// The error for `found` in `field`, which says `why` and what is allowed.
Error refuse_cron(const CronField& field, std::string_view found, std::string_view why);

/// The parts between the characters of `separators`; empty ones too.
std::vector<std::string_view> split_at(std::string_view text, std::string_view separators);

/// True when `text` is `lower_case`, whatever its own case (ASCII).
bool is_word(std::string_view text, std::string_view lower_case);

/// Decimal digits and nothing else.
std::optional<unsigned> to_number(std::string_view text);

/// A number or a name within the field's bounds.
std::optional<unsigned> to_cron_value(const CronField& field, std::string_view text);

/// One item of a list ("*", "5", "1-5", "5/15", "1-30/2") as a set of bits.
Result<std::uint64_t> parse_cron_item(const CronField& field, std::string_view item);

/// A list of items as a set of bits.
Result<std::uint64_t> parse_cron_list(const CronField& field, std::string_view text);

} // namespace gleaner
