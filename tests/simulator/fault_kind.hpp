#pragma once

#include "tests/simulator/answer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner::sim {

/// The faults that domain names, admin rules and rates can ask for.
enum class FaultKind : std::uint8_t {
  fail500,
  fail502,
  fail503,
  fail520,
  throttle,
  quota,
  payment,
  restricted,
  claimed,
  forbidden,
  unauthorized,
  amb429,
  block1010,
  notjson,
  errors200,
  nodata,
  nobody,
  redirect,
  cut,
  cutjson,
  shortlength,
  reset,
  resetbody,
  stall,
  stallbody,
  huge,
  bomb,
  badgzip
};

struct FaultDescription {
  FaultKind kind;
  std::string_view name;
  std::string_view text; ///< For README and --help.
};

const std::vector<FaultDescription>& all_faults();
std::string_view to_string(FaultKind kind) noexcept;
std::optional<FaultKind> fault_named(std::string_view name);

/// Whether the fault is a real page delivered badly, rather than an answer of its own.
bool spoils_page(FaultKind kind) noexcept;

/// Delivers `page` the way `kind` says. @pre spoils_page(kind)
void spoil_page(FaultKind kind, Answer& page);

/// The answer of the other kinds, except throttle and redirect, which depend on the simulator's
/// state.
Answer fault_answer(FaultKind kind);

Answer quota_answer();
Answer payment_answer();
Answer restricted_answer();

} // namespace gleaner::sim
