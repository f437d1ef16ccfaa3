#pragma once

#include "messages/inspect_core.hpp"

#include <vector>

namespace gleaner {

/// JobCoordinator -> LockKeeper: renew this lock until told otherwise.
struct HoldLock {
  JobLock lock;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, HoldLock& x) {
  return f(caf::meta::type_name("HoldLock"), x.lock);
}

/// JobCoordinator -> LockKeeper: the job has ended or is given up.
struct DropLock {
  JobLock lock;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, DropLock& x) {
  return f(caf::meta::type_name("DropLock"), x.lock);
}

/// LockKeeper -> JobCoordinator: the lock is gone or someone else's; the job must be dropped
/// without another write.
struct LockLost {
  JobLock lock;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LockLost& x) {
  return f(caf::meta::type_name("LockLost"), x.lock);
}

/// LockKeeper -> LockKeeper: time to renew.
struct RenewDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RenewDue&) {
  return f(caf::meta::type_name("RenewDue"));
}

/// LockKeeper -> LockKeeper: the queue's answer to the renewal of `asked`.
struct LocksRenewed {
  std::vector<JobLock> asked;
  std::vector<JobId> lost;
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LocksRenewed& x) {
  return f(caf::meta::type_name("LocksRenewed"), x.asked, x.lost, optional_field(x.error));
}

} // namespace gleaner
