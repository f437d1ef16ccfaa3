#pragma once

#include "core/ports/budget.hpp"
#include "messages/inspect_core.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gleaner {

/// HunterFetcher -> RateGovernor: may I send the request for this page? Answered by one
/// PermitGranted or PermitDenied. Jobs take turns; one of stride 2 has half as many as one of
/// stride 1.
struct PermitWanted {
  JobId job_id;
  std::uint32_t offset = 0;
  std::uint32_t stride = 1;
  std::uint32_t rows = 0; ///< Its limit: so many contacts may come and cost credits.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PermitWanted& x) {
  return f(caf::meta::type_name("PermitWanted"), x.job_id, x.offset, x.stride, x.rows);
}

/// RateGovernor -> HunterFetcher: not with this key; `wait`: for how long, 0 when nobody knows.
struct PermitDenied {
  JobId job_id;
  std::uint32_t offset = 0;
  Error error;
  std::chrono::milliseconds wait{0};
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PermitDenied& x) {
  return f(caf::meta::type_name("PermitDenied"), x.job_id, x.offset, x.error, x.wait);
}

/// RateGovernor -> HunterFetcher: not for `wait`: nobody may send with this key. A PermitGranted or
/// PermitDenied follows all the same.
struct PermitDelayed {
  JobId job_id;
  std::uint32_t offset = 0;
  std::chrono::milliseconds wait{0};
  bool in_trouble = false; ///< Because the API fails, whichever key asks.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PermitDelayed& x) {
  return f(caf::meta::type_name("PermitDelayed"), x.job_id, x.offset, x.wait, x.in_trouble);
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

/// HunterFetcher -> RateGovernor: the job goes on without its count; forget that it wants one.
struct CountUnwanted {
  JobId job_id;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CountUnwanted& x) {
  return f(caf::meta::type_name("CountUnwanted"), x.job_id);
}

/// HunterFetcher -> RateGovernor: how the API took the request.
struct PermitSpent {
  enum class Outcome : std::uint8_t {
    honoured, ///< It was answered.
    refused,  ///< Too many requests.
    failed,   ///< The API is in trouble.
    unknown,  ///< No answer came.
    lost      ///< Who had it is gone, so it tells nothing of the API; it may have been sent.
  };
  Permit permit;
  Outcome outcome = Outcome::unknown;
  std::chrono::milliseconds wait{0}; ///< What the API asks to wait, if anything.
  bool is_page = false; ///< It costs credits: PageCharged follows; what else was answered does not.
  std::string domain;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PermitSpent& x) {
  return f(caf::meta::type_name("PermitSpent"), x.permit, x.outcome, x.wait, x.is_page, x.domain);
}

/// JobCoordinator -> RateGovernor: how many contacts came with the page of this permit.
struct PageCharged {
  Permit permit;
  std::uint32_t contacts = 0;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageCharged& x) {
  return f(caf::meta::type_name("PageCharged"), x.permit, x.contacts);
}

/// JobCoordinator -> RateGovernor: what the account has left, as it has just said; nothing when it
/// does not say.
struct AccountSeen {
  std::optional<double> remaining;
  SteadyTime asked_at;    ///< What was spent since then may not be in it.
  std::string reset_date; ///< As BudgetRequest has it.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, AccountSeen& x) {
  return f(caf::meta::type_name("AccountSeen"), optional_field(x.remaining),
           steady_field(x.asked_at), x.reset_date);
}

/// JobCoordinator -> RateGovernor: no permit is wanted any more; give back what was not used.
/// Answered by one PermitsHandedIn.
struct HandInPermits {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, HandInPermits&) {
  return f(caf::meta::type_name("HandInPermits"));
}

/// RateGovernor -> JobCoordinator: the budget knows what became of all its permits.
struct PermitsHandedIn {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PermitsHandedIn&) {
  return f(caf::meta::type_name("PermitsHandedIn"));
}

/// Supervisor -> RateGovernor: the budget is about another key from now on, and so are permits.
struct BudgetMoved {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, BudgetMoved&) {
  return f(caf::meta::type_name("BudgetMoved"));
}

/// RateGovernor -> RateGovernor: what the other sharers of the key leave us; `moves` tells an
/// answer that was asked for before the budget moved.
struct BudgetAnswered {
  std::uint64_t moves = 0;
  BudgetAnswer answer;
  std::optional<Error> error; ///< In place of the answer.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, BudgetAnswered& x) {
  return f(caf::meta::type_name("BudgetAnswered"), x.moves, x.answer, optional_field(x.error));
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
