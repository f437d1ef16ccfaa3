#include "actors/job_coordinator.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>

#include <utility>

/// The part of JobCoordinator that reports, counts and shuts down.
namespace gleaner {

void JobCoordinatorState::publish(const Held& held, Progress progress) {
  self->send(deps->publisher, PublishProgress{held.run.job().lock, std::move(progress)});
}

void JobCoordinatorState::note(const Held& held, std::string row) {
  self->send(deps->publisher, LogJob{held.run.job().lock, std::move(row)});
}

/// What went wrong with a job, by the code of its kind.
void JobCoordinatorState::tell(std::string_view code, const Held& held, const Error& error) {
  const auto& job = held.run.job();
  deps->log->warn(
    code, describe(error),
    {{"job_id", job.lock.job_id}, {"domain", job.domain}, {"err", to_string(error.code)}});
}

void JobCoordinatorState::count_end(const Held& held, const JobEnd& outcome) {
  const auto& job = held.run.job();
  const std::chrono::duration<double> took = self->clock().now() - held.since;
  const auto took_ms = static_cast<std::int64_t>(took.count() * 1000);
  auto& metrics = *deps->jobs;
  if (outcome.kind == JobEnd::Kind::completed) {
    metrics.completed.Increment();
    metrics.duration_completed.Observe(took.count());
    if (outcome.result.fresh)
      return deps->log->info("job.fresh", "a recent collection is there: nothing was asked for",
                             {{"job_id", job.lock.job_id}, {"domain", job.domain}});
    metrics.pages.Observe(held.run.pages_fetched());
    deps->contacts->stored.Increment(outcome.result.items_collected);
    deps->contacts->duplicate.Increment(held.run.duplicates());
    deps->log->info("job.completed", "stored a collection",
                    {{"job_id", job.lock.job_id},
                     {"domain", job.domain},
                     {"contacts", static_cast<std::int64_t>(outcome.result.items_collected)},
                     {"pages", static_cast<std::int64_t>(held.run.pages_fetched())},
                     {"duration_ms", took_ms}});
    return;
  }
  const bool final = outcome.kind == JobEnd::Kind::failed;
  (final ? metrics.failed : metrics.retried).Increment();
  if (final)
    metrics.duration_failed.Observe(took.count());
  deps->log->warn(final ? "job.failed" : "job.retried",
                  final ? "failed for good" : "failed, will be tried again",
                  {{"job_id", job.lock.job_id},
                   {"domain", job.domain},
                   {"attempt", static_cast<std::int64_t>(job.attempts_made + 1)},
                   {"delay_ms", static_cast<std::int64_t>(outcome.delay.count())},
                   {"err", outcome.failed_reason}});
}

void JobCoordinatorState::count_failure(const Held& held, FailureReason reason,
                                        const Error& error) {
  deps->jobs->count_failure(reason);
  if (reason == FailureReason::bad_data)
    tell("job.bad_data", held, error);
  if (reason != FailureReason::poison)
    return;
  deps->jobs->poisoned.Increment();
  deps->log->error("job.poison", "failed: whoever takes it dies",
                   {{"job_id", held.run.job().lock.job_id}});
}

/// The collection of a job that was removed while it was being stored is the domain's all the same:
/// it stays.
void JobCoordinatorState::report_not_ended(const JobLock& lock, bool stored, const Error& error) {
  const bool gone = error.code == Errc::job_missing || error.code == Errc::job_not_active;
  if (!stored || !gone)
    return deps->log->warn("job.lock_lost", "the job was no longer ours to end",
                           {{"job_id", lock.job_id}, {"err", describe(error)}});
  deps->jobs->orphans.Increment();
  deps->log->warn("job.orphaned", "stored a collection, but the job was gone by then",
                  {{"job_id", lock.job_id}, {"err", describe(error)}});
}

void JobCoordinatorState::release(const JobLock& lock, std::chrono::milliseconds delay) {
  deps->jobs->released.Increment();
  self->send(deps->publisher, ReleaseJob{lock, delay});
}

void JobCoordinatorState::drain(std::chrono::milliseconds grace) {
  if (drain_)
    return;
  drain_.emplace();
  deps->log->info("shutdown.begin", "finishing the jobs at hand",
                  {{"held", static_cast<std::int64_t>(held_.size())},
                   {"grace_ms", static_cast<std::int64_t>(grace.count())}});
  self->send(deps->poller, StopTaking{});
  if (deps->has_ledger) // else every page of a job that is put back is lost
    self->delayed_send(self, grace / 2, WindUpDue{});
  self->delayed_send(self, grace, GraceOver{});
  for (auto& [job_id, held] : held_)
    if (!held.backing_off.empty())
      wind_up(job_id, held);
}

/// What is on the wire is paid for: the job stays until that is in the ledger.
void JobCoordinatorState::wind_up(const JobId& job_id, Held& held) {
  if (!held.leaving && held.run.phase() <= JobRun::Phase::fetching)
    leave(job_id, held, {});
}

void JobCoordinatorState::leave(const JobId& job_id, Held& held,
                                std::chrono::milliseconds absence) {
  held.leaving = true;
  held.absence = absence;
  want_pages_again(job_id, held);
  forget_pages(job_id);
  leave_if_settled(job_id, held);
}

void JobCoordinatorState::leave_if_settled(const JobId& job_id, Held& held) {
  if (held.run.complete())
    store(held);
  else if (held.run.settled())
    put_back(job_id, held, held.absence);
}

void JobCoordinatorState::wind_up_due() {
  for (auto& [job_id, held] : held_)
    wind_up(job_id, held);
}

void JobCoordinatorState::put_back(const JobId& job_id, Held& held,
                                   std::chrono::milliseconds delay) {
  if (held.releasing)
    return;
  held.releasing = true;
  forget_pages(job_id);
  release(held.run.job().lock, delay);
}

void JobCoordinatorState::taking_stopped() {
  if (drain_)
    drain_->taking_stopped = true;
  report_if_drained();
}

void JobCoordinatorState::grace_over() {
  for (auto& [job_id, held] : held_)
    if (held.run.phase() <= JobRun::Phase::fetching) // what is being stored or ended goes through
      put_back(job_id, held);
  constexpr std::chrono::seconds answer_time{3};
  self->delayed_send(self, answer_time, DrainOverdue{});
  report_if_drained();
}

void JobCoordinatorState::drain_overdue() {
  if (!held_.empty() || drain_->unstarted > 0)
    hand_in_permits();
}

void JobCoordinatorState::report_if_drained() {
  if (drain_ && drain_->taking_stopped && drain_->unstarted == 0 && held_.empty())
    hand_in_permits();
}

/// The last thing: credits that are reserved with permits would be lost to the others.
void JobCoordinatorState::hand_in_permits() {
  if (std::exchange(drain_->handing_in, true))
    return;
  for (const auto& [key_name, key] : keys_)
    for (const auto& governor : {key.governor, key.count_governor})
      if (governor) {
        ++drain_->governors_with_some;
        self->send(governor, HandInPermits{});
      }
  constexpr std::chrono::seconds answer_time{2}; // a Redis that is away holds up no end
  self->delayed_send(self, answer_time, HandInOverdue{});
}

void JobCoordinatorState::permits_handed_in() {
  if (drain_->governors_with_some > 0 && --drain_->governors_with_some == 0)
    report_drained();
}

void JobCoordinatorState::hand_in_overdue() {
  if (std::exchange(drain_->governors_with_some, 0) > 0)
    report_drained();
}

void JobCoordinatorState::report_drained() {
  const auto left = static_cast<std::uint32_t>(held_.size()) + drain_->unstarted;
  self->send(supervisor_, Drained{drain_->finished, drain_->returned, left});
}

} // namespace gleaner
