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

/// QueuePoller -> JobCoordinator: a job that was wanted.
struct JobTaken {
  TakenJob job;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobTaken& x) {
  return f(caf::meta::type_name("JobTaken"), x.job);
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

/// QueuePoller -> QueuePoller: time to refresh the gauges of the queue's length.
struct CountsDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CountsDue&) {
  return f(caf::meta::type_name("CountsDue"));
}

} // namespace gleaner
