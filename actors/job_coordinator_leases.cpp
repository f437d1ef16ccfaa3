#include "actors/job_coordinator.hpp"
#include "messages/registry.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

/// The part of JobCoordinator that goes on where earlier tries stopped, and that stops where a lock
/// may be someone else's.
namespace gleaner {

namespace {

bool is_ours_no_more(Errc code) {
  return code == Errc::lock_lost || code == Errc::job_missing || code == Errc::job_not_active;
}

} // namespace

void JobCoordinatorState::ledger_read(LedgerRead& msg) {
  auto* held = find(msg.lock);
  if (!held || held->run.phase() != JobRun::Phase::restoring)
    return;
  if (msg.error)
    return give_up(msg.lock, *msg.error);
  held->ledger_at_ms = msg.ledger.at_ms;
  held->unpacking = msg.ledger.pages.size();
  if (held->unpacking == 0)
    return restore(msg.lock.job_id, *held);
  for (auto& page : msg.ledger.pages)
    self->send(next_normalizer(), UnpackPage{msg.lock, std::move(page)});
}

void JobCoordinatorState::page_unpacked(PageUnpacked& msg) {
  auto* held = find(msg.lock);
  if (!held || held->unpacking == 0)
    return;
  if (msg.page) {
    const auto& key = keys_.at(held->key);
    key.metrics->saved_ledger.Increment(key.cost.credits_for(msg.page->header.rows));
    key.metrics->requests_saved_by_ledger.Increment();
    held->run.restore(msg.offset, msg.limit, std::move(*msg.page));
  } else
    report(LogLevel::warn, "ledger.damaged", "a kept page can't be read; it is fetched again",
           *held, {{"page", page_number(*held, msg.offset)}});
  if (--held->unpacking == 0)
    restore(msg.lock.job_id, *held);
}

void JobCoordinatorState::restore(const JobId& job_id, Held& held) {
  const auto pages = held.run.restored(held.ledger_at_ms);
  if (pages > 0) {
    deps->jobs->resumed.Increment();
    deps->contacts->pages_replayed.Increment(pages);
    report(LogLevel::info, "job.resumed", "goes on where an earlier try stopped", held,
           {{"pages", std::int64_t{pages}}});
  }
  if (held.run.complete())
    go_on(job_id, held);
  else
    begin_collecting(job_id, held);
}

/// The queue refuses for good what the job needs: because it is not ours any more, or for a reason
/// of its own.
void JobCoordinatorState::give_up(const JobLock& lock, const Error& error) {
  if (is_ours_no_more(error.code))
    lock_lost(lock);
  else
    fail(lock.job_id, error);
}

/// False when nothing may be sent or stored for the job now. LockKeeper may not have told yet: a
/// process that was stopped for long wakes up in the middle of something.
bool JobCoordinatorState::has_lease(Held& held) {
  if (!held.doubtful && self->clock().now() >= held.valid_until)
    lease_doubtful(held.run.job().lock);
  return !held.doubtful;
}

void JobCoordinatorState::lease_doubtful(const JobLock& lock) {
  auto* held = find(lock);
  if (!held || held->doubtful)
    return;
  held->doubtful = true;
  deps->jobs->self_fenced.Increment();
  report(LogLevel::warn, "job.self_fenced", "the job's lock could not be renewed in time; waiting",
         *held);
  want_pages_again(lock.job_id, *held);
  forget_pages(lock.job_id);
}

/// Those that no fetcher has yet.
void JobCoordinatorState::want_pages_again(const JobId& job_id, Held& held) {
  queued_pages_[held.key].clear(job_id,
                                [&](const PageSlice& slice) { held.run.want_again(slice.offset); });
}

void JobCoordinatorState::leases_renewed(const LeasesRenewed& msg) {
  std::set<std::string> longer; // tokens
  for (const auto& lock : msg.locks)
    if (auto* held = find(lock); held && msg.valid_until >= held->valid_until) {
      held->valid_until = msg.valid_until;
      longer.insert(lock.token);
    }
  for (const auto& [id, errand] : errands_)
    if (longer.contains(errand.lock.token))
      self->send(errand.fetcher, LeaseExtended{errand.lock.job_id, msg.valid_until});
  for (const auto& lock : msg.locks)
    if (auto* held = find(lock); held && longer.contains(lock.token))
      go_on_if_doubtful(lock.job_id, *held);
}

void JobCoordinatorState::go_on_if_doubtful(const JobId& job_id, Held& held) {
  if (!std::exchange(held.doubtful, false))
    return;
  if (held.unstored)
    send_to_store(held, *std::exchange(held.unstored, std::nullopt));
  else if (held.run.phase() == JobRun::Phase::fetching)
    go_on(job_id, held);
}

void JobCoordinatorState::lock_lost(const JobLock& lock) {
  auto* held = find(lock);
  // What is being ended learns its fate from the answer to the end.
  if (!held || held->run.phase() == JobRun::Phase::ending)
    return;
  deps->jobs->lock_lost.Increment();
  report(LogLevel::warn, "job.lock_lost", "the job's lock is gone; dropping it", *held);
  drop(lock.job_id);
  want_another();
  report_if_drained();
}

} // namespace gleaner
