#pragma once

#include "messages/inspect_core.hpp"

#include <cstdint>

namespace gleaner {

/// HunterFetcher -> RateGovernor: may I send the request for this page? Answered by one
/// PermitGranted, in the order of asking.
struct PermitWanted {
  JobId job_id;
  std::uint32_t offset = 0;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PermitWanted& x) {
  return f(caf::meta::type_name("PermitWanted"), x.job_id, x.offset);
}

/// RateGovernor -> HunterFetcher: send it now.
struct PermitGranted {
  JobId job_id;
  std::uint32_t offset = 0;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PermitGranted& x) {
  return f(caf::meta::type_name("PermitGranted"), x.job_id, x.offset);
}

/// HunterFetcher -> RateGovernor: the permit was not used.
struct PermitReturned {
  JobId job_id;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PermitReturned& x) {
  return f(caf::meta::type_name("PermitReturned"), x.job_id);
}

/// RateGovernor -> RateGovernor: a window may have room again.
struct PermitsDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PermitsDue&) {
  return f(caf::meta::type_name("PermitsDue"));
}

} // namespace gleaner
