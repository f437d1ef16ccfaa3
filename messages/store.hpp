#pragma once

#include "messages/inspect_core.hpp"

#include <chrono>

namespace gleaner {

/// JobCoordinator -> StoreWriter: store a job's collection durably. Answered by exactly one
/// CollectionStored or CollectionNotStored.
struct StoreCollection {
  JobLock lock;
  Collection collection;
  /// Until then the job's lock is known to be held; later nothing is replaced any more.
  SteadyTime valid_until;
  TraceContext trace{}; ///< As in PageRequest.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, StoreCollection& x) {
  return f(caf::meta::type_name("StoreCollection"), x.lock, x.collection,
           steady_field(x.valid_until), x.trace);
}

/// StoreWriter -> JobCoordinator: it survives a power cut.
struct CollectionStored {
  JobLock lock;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CollectionStored& x) {
  return f(caf::meta::type_name("CollectionStored"), x.lock);
}

/// StoreWriter -> JobCoordinator: nothing was changed; the collection comes back.
struct CollectionNotStored {
  JobLock lock;
  Error error;
  Collection collection;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CollectionNotStored& x) {
  return f(caf::meta::type_name("CollectionNotStored"), x.lock, x.error, x.collection);
}

/// JobCoordinator -> StoreWriter: is there a collection of the domain? Answered by one
/// CollectionFound.
struct FindCollection {
  JobLock lock;
  std::string domain;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, FindCollection& x) {
  return f(caf::meta::type_name("FindCollection"), x.lock, x.domain);
}

/// StoreWriter -> JobCoordinator: what there is; unset: nothing that can be read.
struct CollectionFound {
  JobLock lock;
  std::optional<CollectionInfo> stored;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CollectionFound& x) {
  return f(caf::meta::type_name("CollectionFound"), x.lock, optional_field(x.stored));
}

/// StoreWriter -> StoreWriter: save what has gathered in the mailbox, as one group.
struct SaveDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, SaveDue&) {
  return f(caf::meta::type_name("SaveDue"));
}

/// JobCoordinator -> StoreWriter: can the store be written again? Answered by one StoreProbed.
struct ProbeStore {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ProbeStore&) {
  return f(caf::meta::type_name("ProbeStore"));
}

/// StoreWriter -> JobCoordinator: what stands in the way; unset: nothing.
struct StoreProbed {
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, StoreProbed& x) {
  return f(caf::meta::type_name("StoreProbed"), optional_field(x.error));
}

/// StoreWriter -> StoreWriter: time to remove leftovers and to look at the free space.
struct TidyDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TidyDue&) {
  return f(caf::meta::type_name("TidyDue"));
}

} // namespace gleaner
