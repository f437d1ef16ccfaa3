#pragma once

#include "core/error.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace gleaner {

/// Answers of the API that are none, counted and told by names of their own: what was not followed,
/// trusted or allowed, and bodies that could not be had.
struct ApiProblem {
  Errc code;
  std::string_view kind;     ///< In api_bad_body_total{kind} or api_refused_total{kind}.
  std::string_view log_code; ///< E.g. "api.tls".
  bool is_of_body;
};

inline constexpr ApiProblem api_problems[] = {
  {Errc::redirect_refused, "redirect", "api.redirect_refused", false},
  {Errc::tls_failed, "tls", "api.tls", false},
  {Errc::address_refused, "address", "api.address_refused", false},
  {Errc::legal_block, "legal_block", "api.legal_block", false},
  {Errc::body_malformed, "malformed", "api.body_malformed", true},
  {Errc::body_too_large, "oversize", "api.body_oversize", true},
  {Errc::body_too_slow, "slow", "api.body_slow", true},
};

/// Null when it is none of these.
constexpr const ApiProblem* find_api_problem(Errc code) noexcept {
  const auto* const found = std::find_if(std::begin(api_problems), std::end(api_problems),
                                         [&](const auto& problem) { return problem.code == code; });
  return found == std::end(api_problems) ? nullptr : found;
}

} // namespace gleaner
