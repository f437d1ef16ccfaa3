#pragma once

#include "messages/inspect_core.hpp"

#include <chrono>

namespace gleaner {

/// JobCoordinator -> StoreWriter: store a job's collection durably. Answered by exactly one
/// CollectionStored or CollectionNotStored.
struct StoreCollection {
  JobId job_id;
  Collection collection;
  /// Until then the job's lock is known to be held; later nothing is replaced any more.
  std::chrono::steady_clock::time_point valid_until;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, StoreCollection& x) {
  return f(caf::meta::type_name("StoreCollection"), x.job_id, x.collection,
           steady_time(x.valid_until));
}

/// StoreWriter -> JobCoordinator: it survives a power cut.
struct CollectionStored {
  JobId job_id;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CollectionStored& x) {
  return f(caf::meta::type_name("CollectionStored"), x.job_id);
}

/// StoreWriter -> JobCoordinator: nothing was changed.
struct CollectionNotStored {
  JobId job_id;
  Error error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CollectionNotStored& x) {
  return f(caf::meta::type_name("CollectionNotStored"), x.job_id, x.error);
}

/// StoreWriter -> StoreWriter: save what has gathered in the mailbox, as one group.
struct SaveDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, SaveDue&) {
  return f(caf::meta::type_name("SaveDue"));
}

} // namespace gleaner
