#pragma once

#include "messages/inspect_core.hpp"

#include <cstdint>

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

/// JobCoordinator -> ProgressPublisher: put the job back to waiting, the attempt not counted.
/// Answered by exactly one JobEnded.
struct ReleaseJob {
  JobLock lock;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ReleaseJob& x) {
  return f(caf::meta::type_name("ReleaseJob"), x.lock);
}

/// ProgressPublisher -> JobCoordinator: the queue knows of the end (or says, by `error`, that the
/// job is no longer ours to end). `next` is what was taken in the same step.
struct JobEnded {
  JobLock lock;
  TakeResult next;
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobEnded& x) {
  return f(caf::meta::type_name("JobEnded"), x.lock, x.next, optional_field(x.error));
}

/// ProgressPublisher -> ProgressPublisher: the queue's answer to an end or a release.
struct EndAnswered {
  JobLock lock;
  TakeResult next;
  std::optional<Error> error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, EndAnswered& x) {
  return f(caf::meta::type_name("EndAnswered"), x.lock, x.next, optional_field(x.error));
}

/// ProgressPublisher -> ProgressPublisher: time to try an end again.
struct EndDue {
  JobLock lock;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, EndDue& x) {
  return f(caf::meta::type_name("EndDue"), x.lock);
}

} // namespace gleaner
