#pragma once

#include "messages/inspect_core.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace gleaner {

/// JobCoordinator -> ProgressPublisher: show this progress.
struct PublishProgress {
  JobLock lock;
  Progress progress;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PublishProgress& x) {
  return f(caf::meta::type_name("PublishProgress"), x.lock, x.progress);
}

/// JobCoordinator -> ProgressPublisher: append a row to the job's log.
struct LogJob {
  JobLock lock;
  std::string row;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LogJob& x) {
  return f(caf::meta::type_name("LogJob"), x.lock, x.row);
}

/// JobCoordinator -> ProgressPublisher: ask for the sole right to collect the job's domain.
/// Answered by one DomainClaimed.
struct ClaimDomain {
  JobLock lock;
  std::string domain;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ClaimDomain& x) {
  return f(caf::meta::type_name("ClaimDomain"), x.lock, x.domain);
}

/// ProgressPublisher -> JobCoordinator: who has it; as long as Redis does not answer, somebody
/// else.
struct DomainClaimed {
  JobLock lock;
  DomainClaim claim = DomainClaim::busy;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, DomainClaimed& x) {
  return f(caf::meta::type_name("DomainClaimed"), x.lock, x.claim);
}

/// JobCoordinator -> JobCoordinator: time to look whether whoever collected the domain is done.
struct LookDue {
  JobLock lock;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LookDue& x) {
  return f(caf::meta::type_name("LookDue"), x.lock);
}

/// JobCoordinator -> ProgressPublisher: end the job's try and, if asked, take the next job in the
/// same step. Answered by exactly one JobEnded; tried again while Redis can't be reached.
struct EndJob {
  TakenJob job;
  JobEnd end;
  bool take_next = false;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, EndJob& x) {
  return f(caf::meta::type_name("EndJob"), x.job, x.end, x.take_next);
}

/// JobCoordinator -> ProgressPublisher: put the job back to waiting, or to delayed, the attempt not
/// counted. Answered by exactly one JobEnded.
struct ReleaseJob {
  JobLock lock;
  std::chrono::milliseconds delay{0};
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ReleaseJob& x) {
  return f(caf::meta::type_name("ReleaseJob"), x.lock, x.delay);
}

/// JobCoordinator -> ProgressPublisher: keep a finished page in the job's ledger and show the
/// progress, in one step. Answered by exactly one PageKept; tried again while Redis can't be
/// reached or refuses.
struct KeepPage {
  JobLock lock;
  std::string identity; ///< Of the ledger.
  LedgerPage page;
  std::vector<Progress> progress; ///< The newest last.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, KeepPage& x) {
  return f(caf::meta::type_name("KeepPage"), x.lock, x.identity, x.page, x.progress);
}

/// ProgressPublisher -> JobCoordinator: the page is in the ledger, at `at_ms` by the queue's clock;
/// or the job is no longer ours.
struct PageKept {
  JobLock lock;
  std::uint32_t offset = 0;
  std::int64_t at_ms = 0;
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageKept& x) {
  return f(caf::meta::type_name("PageKept"), x.lock, x.offset, x.at_ms, optional_field(x.error));
}

/// JobCoordinator -> ProgressPublisher: read the job's ledger. Answered by exactly one LedgerRead;
/// tried again while Redis can't be reached.
struct ReadLedger {
  JobLock lock;
  std::string identity;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ReadLedger& x) {
  return f(caf::meta::type_name("ReadLedger"), x.lock, x.identity);
}

/// ProgressPublisher -> JobCoordinator: what earlier tries have kept; or the job is no longer ours.
struct LedgerRead {
  JobLock lock;
  Ledger ledger;
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LedgerRead& x) {
  return f(caf::meta::type_name("LedgerRead"), x.lock, x.ledger, optional_field(x.error));
}

/// ProgressPublisher -> JobCoordinator: the queue knows of the end (or says, by `error`, that the
/// job is no longer ours to end). `next` is what was taken in the same step, which was asked for at
/// `asked_at`.
struct JobEnded {
  JobLock lock;
  TakeResult next;
  SteadyTime asked_at;
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobEnded& x) {
  return f(caf::meta::type_name("JobEnded"), x.lock, x.next, steady_field(x.asked_at),
           optional_field(x.error));
}

/// ProgressPublisher -> ProgressPublisher: the queue's answer to an end or a release.
struct EndAnswered {
  std::uint64_t errand = 0; ///< Which of the publisher's.
  TakeResult next;
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, EndAnswered& x) {
  return f(caf::meta::type_name("EndAnswered"), x.errand, x.next, optional_field(x.error));
}

/// ProgressPublisher -> ProgressPublisher: whether an end whose first answer was lost has been
/// carried out.
struct EndLookedUp {
  std::uint64_t errand = 0;
  bool ended = false;
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, EndLookedUp& x) {
  return f(caf::meta::type_name("EndLookedUp"), x.errand, x.ended, optional_field(x.error));
}

/// ProgressPublisher -> ProgressPublisher: the queue's answer to a page.
struct KeepAnswered {
  std::uint64_t errand = 0;
  std::int64_t at_ms = 0;
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, KeepAnswered& x) {
  return f(caf::meta::type_name("KeepAnswered"), x.errand, x.at_ms, optional_field(x.error));
}

/// ProgressPublisher -> ProgressPublisher: the queue's answer about a ledger.
struct LedgerAnswered {
  std::uint64_t errand = 0;
  Ledger ledger;
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LedgerAnswered& x) {
  return f(caf::meta::type_name("LedgerAnswered"), x.errand, x.ledger, optional_field(x.error));
}

/// ProgressPublisher -> ProgressPublisher: time to try something again.
struct RepeatDue {
  std::uint64_t errand = 0;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RepeatDue& x) {
  return f(caf::meta::type_name("RepeatDue"), x.errand);
}

} // namespace gleaner
