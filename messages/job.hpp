#pragma once

#include "messages/inspect_core.hpp"

#include <cstdint>

namespace gleaner {

/// JobCoordinator -> QueuePoller: take up to so many jobs more; nothing is taken that was not asked
/// for.
struct JobsWanted {
  std::uint32_t count = 0;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobsWanted& x) {
  return f(caf::meta::type_name("JobsWanted"), x.count);
}

/// QueuePoller -> JobCoordinator: a job that was wanted; its lock is at most as old as `asked_at`.
struct JobTaken {
  TakenJob job;
  SteadyTime asked_at;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobTaken& x) {
  return f(caf::meta::type_name("JobTaken"), x.job, steady_field(x.asked_at));
}

/// JobCoordinator -> QueuePoller: take nothing until ResumeTaking.
struct PauseTaking {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PauseTaking&) {
  return f(caf::meta::type_name("PauseTaking"));
}

/// JobCoordinator -> QueuePoller: take again what is wanted.
struct ResumeTaking {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ResumeTaking&) {
  return f(caf::meta::type_name("ResumeTaking"));
}

/// JobCoordinator -> QueuePoller: take nothing more, for good.
struct StopTaking {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, StopTaking&) {
  return f(caf::meta::type_name("StopTaking"));
}

/// QueuePoller -> JobCoordinator: no take is under way and none will start.
struct TakingStopped {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TakingStopped&) {
  return f(caf::meta::type_name("TakingStopped"));
}

/// QueuePoller -> QueuePoller: the queue's answer to a take.
struct TakeAnswered {
  TakeResult result;
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TakeAnswered& x) {
  return f(caf::meta::type_name("TakeAnswered"), x.result, optional_field(x.error));
}

/// QueuePoller -> QueuePoller: the wait for work ended (there may be some, the time is over, or the
/// connection broke: taking tells).
struct WaitEnded {
  bool broken = false;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WaitEnded& x) {
  return f(caf::meta::type_name("WaitEnded"), x.broken);
}

/// QueuePoller -> QueuePoller: a pause is over; `generation` tells a pause that was cut short.
struct TakeDue {
  std::uint64_t generation = 0;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TakeDue& x) {
  return f(caf::meta::type_name("TakeDue"), x.generation);
}

/// QueuePoller -> QueuePoller: time to look for jobs of dead workers.
struct StalledCheckDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, StalledCheckDue&) {
  return f(caf::meta::type_name("StalledCheckDue"));
}

/// QueuePoller -> QueuePoller: the jobs that this node's earlier processes held were put back, or
/// failed where they had stalled too often.
struct OwnRecovered {
  StalledJobs found;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, OwnRecovered& x) {
  return f(caf::meta::type_name("OwnRecovered"), x.found);
}

/// QueuePoller -> QueuePoller: time to look for what belongs to nothing.
struct ReconcileDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ReconcileDue&) {
  return f(caf::meta::type_name("ReconcileDue"));
}

/// QueuePoller -> QueuePoller: that look is over.
struct Reconciled {
  Reconciliation found;
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Reconciled& x) {
  return f(caf::meta::type_name("Reconciled"), x.found, optional_field(x.error));
}

/// QueuePoller -> QueuePoller: time to refresh the gauges of the queue's length.
struct CountsDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CountsDue&) {
  return f(caf::meta::type_name("CountsDue"));
}

} // namespace gleaner
