#pragma once

#include "core/ports/budget.hpp"
#include "messages/inspect_core.hpp"

#include <chrono>
#include <cstdint>

namespace gleaner {

/// HunterFetcher -> RateGovernor: may I send the request for this page? Answered by one
/// PermitGranted. Jobs take turns; one of stride 2 has half as many as one of stride 1.
struct PermitWanted {
  JobId job_id;
  std::uint32_t offset = 0;
  std::uint32_t stride = 1;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PermitWanted& x) {
  return f(caf::meta::type_name("PermitWanted"), x.job_id, x.offset, x.stride);
}

/// RateGovernor -> HunterFetcher: send it now, but not at `until` or later. To be followed by one
/// PermitReturned or PermitSpent.
struct PermitGranted {
  JobId job_id;
  std::uint32_t offset = 0;
  Permit permit;
  SteadyTime until = SteadyTime::max();
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PermitGranted& x) {
  return f(caf::meta::type_name("PermitGranted"), x.job_id, x.offset, x.permit,
           steady_field(x.until));
}

/// HunterFetcher -> RateGovernor: the permit was not used.
struct PermitReturned {
  Permit permit;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PermitReturned& x) {
  return f(caf::meta::type_name("PermitReturned"), x.permit);
}

/// HunterFetcher -> RateGovernor: how the API took the request.
struct PermitSpent {
  enum class Outcome : std::uint8_t {
    honoured, ///< It was answered.
    refused,  ///< Too many requests.
    unknown   ///< No answer came.
  };
  Permit permit;
  Outcome outcome = Outcome::unknown;
  std::chrono::milliseconds wait{0}; ///< refused: what the API asks to wait, if anything.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PermitSpent& x) {
  return f(caf::meta::type_name("PermitSpent"), x.permit, x.outcome, x.wait);
}

/// RateGovernor -> RateGovernor: what the other sharers of the key leave us.
struct BudgetAnswered {
  BudgetAnswer answer;
  std::optional<Error> error; ///< In place of the answer.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, BudgetAnswered& x) {
  return f(caf::meta::type_name("BudgetAnswered"), x.answer, optional_field(x.error));
}

/// RateGovernor -> RateGovernor: time to look whether a permit can be granted; `generation` tells
/// an outdated timer.
struct PermitsDue {
  std::uint64_t generation = 0;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PermitsDue& x) {
  return f(caf::meta::type_name("PermitsDue"), x.generation);
}

} // namespace gleaner
