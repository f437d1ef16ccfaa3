#pragma once

#include "core/api_answer.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gleaner::hunter {

/// Fills is_json, error_id and error_details from {"errors":[{"id","code","details"}]}; texts are
/// shortened to 300 bytes and lose control characters. Anything else leaves them empty.
void read_error_body(std::string_view body, ApiAnswer& answer);

/// Retry-After after RFC 9110 section 10.2.3: seconds or an HTTP date, a year at most; nothing when
/// it is neither.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view text,
                                                      std::chrono::system_clock::time_point now);

/// `data.total` of the body of GET /email-count.
Result<std::uint32_t> read_count(std::string_view body);

/// The body of GET /account. `remaining` is taken as sent, else available - used as a lower bound:
/// `available` is documented as the allowance, not the remainder.
Result<ApiAccount> read_account(std::string_view body);

} // namespace gleaner::hunter
