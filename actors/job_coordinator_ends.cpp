#include "actors/job_coordinator.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>

#include <utility>

/// The part of JobCoordinator that ends jobs and shuts down.
namespace gleaner {

namespace {

/// What the queue is asked for at a job's end.
const char* operation_for(JobEnd::Kind kind) {
  switch (kind) {
  case JobEnd::Kind::completed:
    return "complete";
  case JobEnd::Kind::failed:
    return "fail";
  case JobEnd::Kind::retried_now:
  case JobEnd::Kind::retried_later:
    break;
  }
  return "retry";
}

} // namespace

void JobCoordinatorState::end(const JobId& job_id, Held& held, JobEnd outcome) {
  forget_pages(job_id);
  count_end(held, outcome);
  if (held.trace)
    held.trace->settle(operation_for(outcome.kind), self->clock().now());
  self->send(deps->publisher,
             EndJob{held.run.job(), std::move(outcome), !drain_ && !taking_is_paused()});
}

void JobCoordinatorState::job_ended(JobEnded& msg) {
  const auto& lock = msg.lock;
  self->send(deps->lock_keeper, DropLock{lock});
  const auto entry = held_.find(lock.job_id);
  const bool ours = entry != held_.end() && entry->second.run.job().lock.token == lock.token;
  if (msg.error && ours)
    report_not_ended(entry->second, *msg.error);
  else if (msg.error)
    deps->log->warn("job.lock_lost", "the job was no longer ours to end",
                    {{"job_id", lock.job_id}, {"err", describe(*msg.error)}});
  if (drain_ && !msg.error)
    ++(ours && !entry->second.releasing ? drain_->finished : drain_->returned);
  if (drain_ && !ours && drain_->unstarted > 0)
    --drain_->unstarted;
  if (ours)
    erase(entry, msg.error ? to_string(msg.error->code) : "");
  if (ours && msg.next.jobs.empty())
    want_another();
  for (auto& job : msg.next.jobs)
    accept(std::move(job), msg.asked_at);
  report_if_drained();
}

void JobCoordinatorState::drop(const JobId& job_id) {
  const auto entry = held_.find(job_id);
  if (entry == held_.end())
    return;
  forget_pages(job_id);
  self->send(deps->lock_keeper, DropLock{entry->second.run.job().lock});
  erase(entry, to_string(Errc::lock_lost));
}

/// `error`: how the job was lost; empty: it was not.
void JobCoordinatorState::erase(std::map<JobId, Held>::iterator entry, std::string_view error) {
  if (const auto& trace = entry->second.trace)
    trace->end(self->clock().now(), error);
  roster_->release(entry->second.key);
  held_.erase(entry);
  deps->jobs->active.Set(static_cast<double>(held_.size()));
}

void JobCoordinatorState::want_another() {
  if (!drain_)
    self->send(deps->poller, JobsWanted{1});
}

void JobCoordinatorState::publish(const Held& held, Progress progress) {
  self->send(deps->publisher, PublishProgress{held.run.job().lock, std::move(progress)});
}

void JobCoordinatorState::note(const Held& held, std::string row) {
  self->send(deps->publisher, LogJob{held.run.job().lock, std::move(row)});
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
  if (held.trace)
    held.trace->settle("release", self->clock().now());
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
