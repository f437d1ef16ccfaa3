#pragma once

#include "core/suspension.hpp"
#include "messages/inspect_core.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace gleaner {

/// Supervisor -> JobCoordinator: start asking for jobs.
struct StartWork {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, StartWork&) {
  return f(caf::meta::type_name("StartWork"));
}

/// Supervisor -> JobCoordinator: take nothing more, finish what can be finished within `grace`, put
/// the rest back.
struct Drain {
  std::chrono::milliseconds grace{0};
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Drain& x) {
  return f(caf::meta::type_name("Drain"), x.grace);
}

/// Supervisor -> JobCoordinator: the key of that name is another one now: what stood in the way of
/// the old one may be gone, and what its plan serves tells nothing.
struct KeyReplaced {
  std::string key;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, KeyReplaced& x) {
  return f(caf::meta::type_name("KeyReplaced"), x.key);
}

/// JobCoordinator -> JobCoordinator: look whether the reason for a suspension is gone.
struct ProbeDue {
  SuspensionReason reason = SuspensionReason::store;
  std::string key;              ///< Name of the key that it concerns; empty: the store.
  std::uint64_t generation = 0; ///< Tells a time that was replaced; 0: look in any case.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ProbeDue& x) {
  return f(caf::meta::type_name("ProbeDue"), x.reason, x.key, x.generation);
}

/// JobCoordinator -> JobCoordinator: time to read the account of every key.
struct AccountsDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, AccountsDue&) {
  return f(caf::meta::type_name("AccountsDue"));
}

/// JobCoordinator -> JobCoordinator: half of the grace is used up: ask for no further pages, so
/// that those under way are in the ledger before the jobs are put back.
struct WindUpDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WindUpDue&) {
  return f(caf::meta::type_name("WindUpDue"));
}

/// JobCoordinator -> JobCoordinator: the grace is used up: put back what is left.
struct GraceOver {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, GraceOver&) {
  return f(caf::meta::type_name("GraceOver"));
}

/// JobCoordinator -> JobCoordinator: the jobs that were put back should have been answered for.
struct DrainOverdue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, DrainOverdue&) {
  return f(caf::meta::type_name("DrainOverdue"));
}

/// JobCoordinator -> JobCoordinator: the governors should have given back their permits.
struct HandInOverdue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, HandInOverdue&) {
  return f(caf::meta::type_name("HandInOverdue"));
}

/// JobCoordinator -> Supervisor: no job is held any more, or no more time is left.
struct Drained {
  std::uint32_t finished = 0; ///< Since the drain began.
  std::uint32_t returned = 0; ///< Put back to waiting.
  std::uint32_t left = 0;     ///< Held all the same: the queue did not answer in time.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Drained& x) {
  return f(caf::meta::type_name("Drained"), x.finished, x.returned, x.left);
}

} // namespace gleaner
