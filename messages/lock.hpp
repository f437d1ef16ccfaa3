#pragma once

#include "messages/inspect_core.hpp"

#include <vector>

namespace gleaner {

/// JobCoordinator -> LockKeeper: renew this lock, which is at most as old as `since`, until told
/// otherwise.
struct HoldLock {
  JobLock lock;
  SteadyTime since;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, HoldLock& x) {
  return f(caf::meta::type_name("HoldLock"), x.lock, steady_field(x.since));
}

/// JobCoordinator -> LockKeeper: the job has ended or is given up.
struct DropLock {
  JobLock lock;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, DropLock& x) {
  return f(caf::meta::type_name("DropLock"), x.lock);
}

/// LockKeeper -> JobCoordinator: these locks were confirmed; until `valid_until` nobody else can
/// hold them.
struct LeasesRenewed {
  std::vector<JobLock> locks;
  SteadyTime valid_until;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LeasesRenewed& x) {
  return f(caf::meta::type_name("LeasesRenewed"), x.locks, steady_field(x.valid_until));
}

/// LockKeeper -> JobCoordinator: the lock has not been confirmed for too long; soon it may be
/// someone else's. Nothing may be sent or stored for the job until LeasesRenewed.
struct LeaseDoubtful {
  JobLock lock;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LeaseDoubtful& x) {
  return f(caf::meta::type_name("LeaseDoubtful"), x.lock);
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

/// LockKeeper -> LockKeeper: time to renew all locks.
struct RenewDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RenewDue&) {
  return f(caf::meta::type_name("RenewDue"));
}

/// LockKeeper -> LockKeeper: a lease may have become doubtful.
struct LeaseDue {};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LeaseDue&) {
  return f(caf::meta::type_name("LeaseDue"));
}

/// LockKeeper -> LockKeeper: the queue's answer to the renewal of `asked`, which was sent at
/// `asked_at`.
struct LocksRenewed {
  std::vector<JobLock> asked;
  SteadyTime asked_at;
  Renewal renewal;
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LocksRenewed& x) {
  return f(caf::meta::type_name("LocksRenewed"), x.asked, steady_field(x.asked_at), x.renewal,
           optional_field(x.error));
}

} // namespace gleaner
