#include "actors/queue_poller.hpp"

#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace gleaner {

namespace {

void report_stalled(const QueuePollerDeps& deps, const char* code, const char* message,
                    const StalledJobs& found) {
  const auto requeued = found.requeued.size(), failed = found.failed.size();
  if (requeued + failed == 0)
    return;
  deps.metrics->stalled.Increment(static_cast<double>(requeued + failed));
  deps.log->warn(code, message,
                 {{"requeued", static_cast<std::int64_t>(requeued)},
                  {"failed", static_cast<std::int64_t>(failed)}});
  deps.metrics->poisoned.Increment(static_cast<double>(failed));
  deps.metrics->count_failure(FailureReason::poison, static_cast<double>(failed));
  for (const auto& id : found.failed)
    deps.log->error("job.poison", "failed: whoever takes it dies", {{"job_id", id}});
}

} // namespace

QueuePollerActor::behavior_type queue_poller(QueuePollerState::Self self, QueuePollerDeps deps) {
  self->state.deps = deps;
  self->send(self, StalledCheckDue{});
  self->send(self, CountsDue{});
  self->delayed_send(self, self->state.deps.reconcile_interval, ReconcileDue{});
  return {
    [self](const JobsWanted& msg) { self->state.want(msg); },
    [self](PauseTaking) { self->state.suspend(); },
    [self](ResumeTaking) { self->state.resume(); },
    [self](StopTaking) { self->state.stop(); },
    [self](TakeAnswered& msg) { self->state.take_answered(msg); },
    [self](const WaitEnded& msg) { self->state.wait_ended(msg); },
    [self](const TakeDue& msg) { self->state.take_due(msg); },
    [self](StalledCheckDue) { self->state.check_stalled(); },
    [self](const OwnRecovered& msg) { self->state.own_recovered(msg); },
    [self](ReconcileDue) { self->state.reconcile(); },
    [self](const Reconciled& msg) { self->state.reconciled(msg); },
    [self](CountsDue) { self->state.refresh_counts(); },
  };
}

void QueuePollerState::want(const JobsWanted& msg) {
  coordinator_ = caf::actor_cast<JobCoordinatorActor>(self->current_sender());
  wanted_ += msg.count;
  if (phase_ == Phase::idle)
    take();
}

/// What is under way may still bring jobs.
void QueuePollerState::suspend() {
  suspended_ = true;
  deps.queue->stop_waiting();
}

void QueuePollerState::resume() {
  suspended_ = false;
  if (phase_ == Phase::idle)
    take();
}

void QueuePollerState::stop() {
  coordinator_ = caf::actor_cast<JobCoordinatorActor>(self->current_sender());
  stopping_ = true;
  wanted_ = 0;
  deps.queue->stop_waiting();
  if (phase_ != Phase::taking)
    self->send(coordinator_, TakingStopped{});
}

void QueuePollerState::take() {
  phase_ = Phase::idle;
  if (wanted_ == 0 || stopping_ || suspended_)
    return;
  phase_ = Phase::taking;
  asked_at_ = self->clock().now();
  asked_ = std::min(wanted_, batch);
  deps.queue->take(asked_, [me = QueuePollerActor{self}](Result<TakeResult> result) {
    if (result)
      caf::anon_send(me, TakeAnswered{std::move(*result), std::nullopt});
    else
      caf::anon_send(me, TakeAnswered{{}, result.error()});
  });
}

void QueuePollerState::take_answered(TakeAnswered& msg) {
  phase_ = Phase::idle;
  const auto taken = static_cast<std::uint32_t>(msg.result.jobs.size());
  if (deps.pace && taken > 0)
    deps.pace->found_work();
  wanted_ -= std::min(wanted_, taken);
  for (auto& job : msg.result.jobs)
    self->send(coordinator_, JobTaken{std::move(job), asked_at_});
  if (stopping_)
    return self->send(coordinator_, TakingStopped{});
  if (msg.error)
    return pause_after_failure(*msg.error);
  if (!wait_broke_ && std::exchange(failures_, 0) > 0)
    deps.log->info("redis.back", "the queue answers again");
  if (taken == asked_)
    return take();
  if (msg.result.rate_limited_for)
    return pause(*msg.result.rate_limited_for);
  if (!suspended_)
    wait(msg.result);
}

void QueuePollerState::wait(const TakeResult& result) {
  // Redis 7.0.8 and newer can wait for 1 ms; a wait of 0 would have no end.
  constexpr std::chrono::milliseconds shortest{1};
  const auto longest = deps.pace ? deps.pace->next() : deps.drain_delay;
  const auto timeout =
    std::max(shortest, std::min(result.next_delayed_in.value_or(longest), longest));
  if (deps.pace)
    return pause(timeout);
  phase_ = Phase::waiting;
  deps.queue->wait_for_work(timeout, [me = QueuePollerActor{self}](Result<Done> ended) {
    caf::anon_send(me, WaitEnded{!ended});
  });
}

void QueuePollerState::wait_ended(const WaitEnded& msg) {
  phase_ = Phase::idle;
  if (stopping_ || suspended_)
    return;
  wait_broke_ = msg.broken;
  if (wait_broke_)
    return pause_after_failure({Errc::redis_unavailable, "the wait for work broke"});
  take();
}

void QueuePollerState::pause(std::chrono::milliseconds duration) {
  phase_ = Phase::pausing;
  self->delayed_send(self, duration, TakeDue{++pause_generation_});
}

void QueuePollerState::pause_after_failure(const Error& error) {
  if (failures_ == 0)
    deps.log->warn("redis.lost", "the queue can't be asked for jobs; trying again",
                   {{"err", describe(error)}});
  const auto wait = std::chrono::milliseconds{100} * (1u << std::min(failures_++, 5u));
  // Where credentials are refused, asking often would only fill Redis's log.
  pause(error.code == Errc::redis_denied ? std::chrono::seconds{30} : wait);
}

void QueuePollerState::take_due(const TakeDue& msg) {
  if (phase_ == Phase::pausing && msg.generation == pause_generation_)
    take();
}

void QueuePollerState::recover_own() {
  deps.queue->recover_own([me = QueuePollerActor{self}](Result<StalledJobs> found) {
    if (found)
      caf::anon_send(me, OwnRecovered{std::move(*found)});
  });
}

void QueuePollerState::own_recovered(const OwnRecovered& msg) {
  own_recovered_ = true;
  report_stalled(deps, "recovery", "put back the jobs that this node held when it was killed",
                 msg.found);
}

void QueuePollerState::check_stalled() {
  self->delayed_send(self, deps.stalled_interval, StalledCheckDue{});
  if (!own_recovered_)
    recover_own();
  deps.queue->recover_stalled([deps = deps](const Result<StalledJobs>& found) {
    if (found)
      report_stalled(deps, "job.stalled", "found jobs of dead workers", *found);
  });
}

/// The next look is an interval after the end of this one: that is the time which a job is given to
/// turn up in its place.
void QueuePollerState::reconcile() {
  deps.queue->reconcile([me = QueuePollerActor{self}](Result<Reconciliation> found) {
    if (found)
      caf::anon_send(me, Reconciled{*found, std::nullopt});
    else
      caf::anon_send(me, Reconciled{{}, found.error()});
  });
}

void QueuePollerState::reconciled(const Reconciled& msg) {
  self->delayed_send(self, deps.reconcile_interval, ReconcileDue{});
  if (msg.error) {
    // That Redis is away is told by whoever takes jobs.
    if (msg.error->code != Errc::redis_unavailable && !std::exchange(reconcile_failing_, true))
      deps.log->warn("reconcile.failed", "what belongs to nothing in the queue can't be looked for",
                     {{"err", describe(*msg.error)}});
    return;
  }
  reconcile_failing_ = false;
  auto& counters = *deps.reconcile;
  report("job", msg.found.jobs, counters.jobs);
  report("finished_job", msg.found.finished_jobs, counters.finished_jobs);
  report("ledger", msg.found.ledgers, counters.ledgers);
  report("lock", msg.found.locks, counters.locks);
  report("ghost", msg.found.ghosts, counters.ghosts);
}

void QueuePollerState::report(const char* kind, std::uint64_t count, prometheus::Counter& counter) {
  if (count == 0)
    return;
  counter.Increment(static_cast<double>(count));
  deps.log->warn("reconcile.found", "put right what belonged to nothing",
                 {{"kind", kind}, {"count", static_cast<std::int64_t>(count)}});
}

void QueuePollerState::refresh_counts() {
  self->delayed_send(self, deps.counts_interval, CountsDue{});
  deps.queue->count_jobs([metrics = deps.metrics](Result<QueueCounts> counts) {
    if (counts)
      metrics->set_counts(*counts);
  });
}

} // namespace gleaner
