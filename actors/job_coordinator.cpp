#include "actors/job_coordinator.hpp"

#include "core/api_problem.hpp"
#include "core/domain.hpp"
#include "core/lease.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <utility>

namespace gleaner {

// NOLINTNEXTLINE(readability-function-size): a table
JobCoordinatorActor::behavior_type job_coordinator(JobCoordinatorState::Self self,
                                                   JobCoordinatorDeps deps) {
  self->state.begin(std::move(deps));
  self->set_down_handler([self](caf::down_msg& down) { self->state.fetcher_down(down.source); });
  return {
    [self](StartWork) { self->state.start_work(); },
    [self](const Drain& msg) { self->state.drain(msg.grace); },
    [self](const FetchersAllowed& msg) { self->state.fetchers_allowed(msg.most); },
    [self](JobTaken& msg) { self->state.accept(std::move(msg.job), msg.asked_at); },
    [self](TakingStopped) { self->state.taking_stopped(); },
    [self](PageFetched& msg) { self->state.page_fetched(msg); },
    [self](PageFailed& msg) { self->state.page_failed(msg); },
    [self](const PageDelayed& msg) { self->state.page_delayed(msg); },
    [self](const PageWaits& msg) { self->state.page_waits(msg); },
    [self](const PageAbandoned& msg) { self->state.page_abandoned(msg); },
    [self](const AccountChecked& msg) { self->state.account_checked(msg); },
    [self](PageNormalized& msg) { self->state.page_normalized(msg); },
    [self](const PageUnreadable& msg) { self->state.page_unreadable(msg); },
    [self](PageUnpacked& msg) { self->state.page_unpacked(msg); },
    [self](const CollectionFound& msg) { self->state.collection_found(msg); },
    [self](const DomainClaimed& msg) { self->state.domain_claimed(msg); },
    [self](const LookDue& msg) { self->state.look_due(msg); },
    [self](const CollectionStored& msg) { self->state.collection_stored(msg.lock); },
    [self](CollectionNotStored& msg) { self->state.collection_not_stored(msg); },
    [self](const StoreProbed& msg) {
      self->state.probed({SuspensionReason::store, {}}, msg.error);
    },
    [self](const PageKept& msg) { self->state.page_kept(msg); },
    [self](LedgerRead& msg) { self->state.ledger_read(msg); },
    [self](JobEnded& msg) { self->state.job_ended(msg); },
    [self](const LeasesRenewed& msg) { self->state.leases_renewed(msg); },
    [self](const LeaseDoubtful& msg) { self->state.lease_doubtful(msg.lock); },
    [self](const LockLost& msg) { self->state.lock_lost(msg.lock); },
    [self](const KeyReplaced& msg) { self->state.key_replaced(msg.key); },
    [self](const ProbeDue& msg) { self->state.probe(msg); },
    [self](AccountsDue) { self->state.read_accounts(); },
    [self](FetchersReviewDue) { self->state.review_fetchers(); },
    [self](WindUpDue) { self->state.wind_up_due(); },
    [self](GraceOver) { self->state.grace_over(); },
    [self](DrainOverdue) { self->state.drain_overdue(); },
    [self](PermitsHandedIn) { self->state.permits_handed_in(); },
    [self](HandInOverdue) { self->state.hand_in_overdue(); },
  };
}

void JobCoordinatorState::begin(JobCoordinatorDeps with) {
  fetchers.emplace(with.min_fetchers, with.max_fetchers, with.fetcher_idle);
  std::vector<KeyRoster::Key> names;
  for (auto& key : with.keys) {
    names.push_back({key.name, key.tenants});
    keys_.emplace(key.name, std::move(key));
  }
  roster_.emplace(names, with.pool_keys);
  deps.emplace(std::move(with));
}

void JobCoordinatorState::start_work() {
  supervisor_ = caf::actor_cast<SupervisorActor>(self->current_sender());
  deps->jobs->slots.Set(deps->concurrency);
  for (const auto& [key_name, key] : keys_)
    key.metrics->set_state("ok");
  for (const auto& [key_name, key] : keys_)
    if (key.refusal)
      suspend({SuspensionReason::key, key_name}, *key.refusal);
  for (const auto& [key_name, key] : keys_)
    if (key.account)
      account_seen(key_name, *key.account);
  self->send(deps->poller, JobsWanted{deps->concurrency});
  clock_watch_.step(deps->wall_clock_ms(), self->clock().now()); // steps are seen from now on
  self->delayed_send(self, deps->fetcher_idle, FetchersReviewDue{});
  self->delayed_send(self, deps->account_interval, AccountsDue{});
}

JobCoordinatorState::Held* JobCoordinatorState::find(const JobId& job_id) {
  const auto entry = held_.find(job_id);
  return entry == held_.end() || entry->second.releasing ? nullptr : &entry->second;
}

/// The job as it was taken under this lock.
JobCoordinatorState::Held* JobCoordinatorState::find(const JobLock& lock) {
  auto* held = find(lock.job_id);
  return held && held->run.job().lock.token == lock.token ? held : nullptr;
}

void JobCoordinatorState::accept(TakenJob job, SteadyTime asked_at) {
  const auto job_id = job.lock.job_id;
  if (drain_) {
    ++drain_->unstarted;
    return release(job.lock, {});
  }
  // Taken again while held: the queue thinks that we are dead, and its word counts.
  drop(job_id);
  deps->jobs->started.Increment();
  const auto waited_ms = std::max<std::int64_t>(0, job.processed_on_ms - job.timestamp_ms);
  deps->jobs->wait.Observe(static_cast<double>(waited_ms) / 1000);
  self->send(deps->lock_keeper, HoldLock{job.lock, asked_at});
  const auto domain = to_query_domain(job.domain);
  const auto key = roster_->choose(job.key_name, job.tenant);
  const auto refusal = job.refusal ? std::optional<Error>{{Errc::job_malformed, *job.refusal}}
                       : !domain   ? std::optional<Error>{domain.error()}
                       : !key      ? std::optional<Error>{key.error()}
                                   : std::nullopt;
  auto key_name = key ? *key : keys_.begin()->first;
  roster_->hold(key_name);
  auto run = JobRun{std::move(job), domain ? *domain : std::string{}, keys_.at(key_name).limits};
  auto& held = held_
                 .emplace(job_id, Held{std::move(run), std::move(key_name), self->clock().now(),
                                       asked_at + lease_of(deps->lock_duration)})
                 .first->second;
  deps->jobs->active.Set(static_cast<double>(held_.size()));
  held.trace =
    JobTrace::begin(deps->tracing, held.run.job(), held.run.query_domain(), asked_at, held.since);
  if (refusal)
    return fail(job_id, *refusal, held.run.job().refusal_reason);
  if (!held.run.job().start_shown)
    publish(held, held.run.starting());
  if (held.run.phase() == JobRun::Phase::restoring)
    return self->send(deps->publisher, ReadLedger{held.run.job().lock, held.run.ledger_identity()});
  begin_collecting(job_id, held);
}

void JobCoordinatorState::go_on(const JobId& job_id, Held& held) {
  if (held.looking || !has_lease(held))
    return;
  if (held.leaving)
    return leave_if_settled(job_id, held);
  while (const auto slice = held.run.next_page())
    queued_pages_[held.key].push(job_id, held.run.stride(), *slice);
  if (held.run.complete())
    store(held);
  assign_pages();
}

void JobCoordinatorState::page_normalized(PageNormalized& msg) {
  auto* held = find(msg.lock);
  if (!held || !held->run.awaits(msg.offset))
    return;
  charge(*held, msg.offset, msg.page.header.rows);
  const auto limit = held->run.slice(msg.offset).limit;
  auto progress = held->run.add_page(msg.offset, std::move(msg.page));
  if (!progress)
    return fail(msg.lock.job_id, progress.error());
  self->send(deps->publisher,
             KeepPage{held->run.job().lock, held->run.ledger_identity(),
                      LedgerPage{msg.offset, limit, std::move(msg.packed)}, std::move(*progress)});
  go_on(msg.lock.job_id, *held);
}

void JobCoordinatorState::page_kept(const PageKept& msg) {
  (msg.error ? deps->contacts->not_kept : deps->contacts->kept).Increment();
  auto* held = find(msg.lock);
  if (!held || held->run.phase() != JobRun::Phase::fetching)
    return;
  if (msg.error)
    return give_up(msg.lock, *msg.error);
  if (held->run.kept(msg.offset, msg.at_ms))
    go_on(msg.lock.job_id, *held);
}

void JobCoordinatorState::page_unreadable(const PageUnreadable& msg) {
  const auto& job_id = msg.lock.job_id;
  auto* held = find(msg.lock);
  if (!held || !held->run.awaits(msg.offset))
    return;
  auto& metrics = *keys_.at(held->key).metrics;
  metrics.count_problem(msg.error.code);
  if (const auto* problem = find_api_problem(msg.error.code))
    tell(problem->log_code, *held, msg.offset, msg.error);
  if (!held->run.ask_again(msg.offset))
    return fail(job_id, msg.error);
  metrics.count_retry(Errc::body_malformed);
  note(*held,
       "offset " + std::to_string(msg.offset) + ": " + describe(msg.error) + "; asking once more");
  go_on(job_id, *held);
}

void JobCoordinatorState::fail(const JobId& job_id, const Error& error,
                               std::optional<FailureReason> cause, std::chrono::milliseconds wait) {
  auto* held = find(job_id);
  if (!held || held->run.phase() == JobRun::Phase::ending)
    return;
  if (const auto reason = suspension_reason(error.code))
    return park(job_id, *held, *reason, error, wait);
  if (held->trace)
    held->trace->fail(to_string(error.code));
  const auto outcome = held->run.fail(error, deps->random());
  if (outcome.kind == JobEnd::Kind::failed)
    count_failure(*held, cause.value_or(failure_reason(error.code)), error);
  end(job_id, *held, outcome);
}

} // namespace gleaner
