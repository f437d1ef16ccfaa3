#include "actors/job_coordinator.hpp"
#include "core/backoff.hpp"
#include "messages/registry.hpp"

#include <algorithm>
#include <utility>

/// The part of JobCoordinator that puts jobs back while something fails that they need, an API key
/// or the store, and stops taking jobs when none could go on.
namespace gleaner {

namespace {

const char* log_code(SuspensionReason reason, Errc why) {
  switch (reason) {
  case SuspensionReason::key:
    return why == Errc::account_restricted ? "auth.account_restricted"
           : why == Errc::api_blocked      ? "api.blocked"
                                           : "auth.key_rejected";
  case SuspensionReason::quota:
    return "api.quota_exhausted";
  case SuspensionReason::drained:
    return "api.key_drained";
  case SuspensionReason::pace:
    return "api.pace_closed";
  case SuspensionReason::store:
    break;
  }
  return why == Errc::store_full ? "store.full" : "store.io_error";
}

LogField subject_of(const ProbeDue& due) {
  return due.key.empty() ? LogField{"reason", to_string(due.reason)} : LogField{"key", due.key};
}

const char* state_of(const KeyRoster& roster, const std::string& key) {
  if (roster.is_suspended(key, SuspensionReason::key))
    return "invalid";
  if (roster.is_suspended(key, SuspensionReason::drained))
    return "drained";
  return roster.is_suspended(key, SuspensionReason::quota) ? "exhausted" : "ok";
}

/// Jobs that only wait for the pace of their key would hold slots: those of others, or for long.
bool makes_room(const JobCoordinatorDeps& deps, std::chrono::milliseconds wait) {
  return (deps.keys.size() > 1 || wait > longest_wait_in_slot) &&
         deps.has_ledger; // else every page of such a job is lost
}

} // namespace

std::chrono::milliseconds JobCoordinatorState::pause_of(SuspensionReason reason) const {
  return reason == SuspensionReason::quota ? deps->quota_probe : probe_interval(reason);
}

bool JobCoordinatorState::taking_is_paused() const {
  return store_suspended_ || roster_->none_usable();
}

void JobCoordinatorState::pause_taking(SuspensionReason reason) {
  deps->taking_paused(to_string(reason));
  self->send(deps->poller, PauseTaking{});
}

/// Put back with all its pages and attempts, those on the wire awaited: at once to where another
/// node may do it, or for as long as nobody can. `wait`: how long that is, 0 when nobody knows.
void JobCoordinatorState::park(const JobId& job_id, Held& held, SuspensionReason reason,
                               const Error& error, std::chrono::milliseconds wait) {
  if (held.leaving)
    return leave_if_settled(job_id, held);
  note(held, describe(error) + "; put back");
  if (error.code == Errc::api_blocked) { // should it be the only one, others must have their turn
    deps->jobs->count_parked(reason);
    leave(job_id, held, pause_of(reason) + probe_interval(SuspensionReason::drained));
  }
  suspend({reason, reason == SuspensionReason::store ? std::string{} : held.key}, error, wait);
  if (!held.leaving)
    set_aside(job_id, held, reason, wait.count() > 0 ? wait : pause_of(reason));
}

void JobCoordinatorState::set_aside(const JobId& job_id, Held& held, SuspensionReason reason,
                                    std::chrono::milliseconds stop) {
  deps->jobs->count_parked(reason);
  const auto& job = held.run.job();
  if (reason != SuspensionReason::store && roster_->any_will_do(job.key_name, job.tenant))
    return leave(job_id, held, {}); // its next take is with another key
  if (reason == SuspensionReason::quota || reason == SuspensionReason::pace)
    publish(held, held.run.parked(stop));
  leave(job_id, held, absence_for(reason, stop));
}

/// Nothing is sent with that key for so long. Jobs that still read what is there are asked
/// afterwards; those that were told to wait themselves do so, since their tries are counted.
void JobCoordinatorState::hold_up_all(const std::string& key, SuspensionReason reason,
                                      std::chrono::milliseconds stop) {
  const bool is_pace = reason == SuspensionReason::pace;
  for (auto& [job_id, held] : held_)
    if (wants_pages(held, key) && (!is_pace || held.backing_off.empty()))
      set_aside(job_id, held, reason, stop);
}

bool JobCoordinatorState::wants_pages(const Held& held, const std::string& key) const {
  return held.key == key && held.run.phase() == JobRun::Phase::fetching && !held.run.complete() &&
         !held.looking && !held.leaving && !held.releasing;
}

std::chrono::milliseconds JobCoordinatorState::absence_for(SuspensionReason reason,
                                                           std::chrono::milliseconds stop) const {
  if (reason != SuspensionReason::key)
    return std::min(stop, pause_of(reason));
  // Nothing is taken here until the key is good; else the job would come back at once.
  return taking_is_paused() ? std::chrono::milliseconds{}
                            : std::min(stop, probe_interval(SuspensionReason::drained));
}

/// A job whose key can't be used goes on only if it needs no page.
bool JobCoordinatorState::park_without_key(const JobId& job_id, Held& held) {
  for (const auto reason : {SuspensionReason::key, SuspensionReason::quota,
                            SuspensionReason::drained, SuspensionReason::pace})
    if (roster_->is_suspended(held.key, reason) && !held.run.complete()) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        probes_[{held.key, reason}].at - self->clock().now());
      set_aside(job_id, held, reason, std::max(left, std::chrono::milliseconds{1000}));
      return true;
    }
  return false;
}

/// The first page that waits speaks for all of its key, but those that backed off by themselves.
void JobCoordinatorState::page_waits(const PageWaits& msg) {
  const auto errand = errands_.find(self->current_sender()->id());
  auto* held = errand == errands_.end() ? nullptr : find(errand->second.lock);
  if (!held || !held->run.awaits(msg.offset))
    return;
  if (!msg.in_trouble && makes_room(*deps, msg.wait))
    return suspend({SuspensionReason::pace, held->key},
                   {Errc::api_throttled, "no requests with this key for a while"}, msg.wait);
  constexpr std::chrono::seconds jitter{1};
  auto& closed_until = keys_.at(held->key).closed_until;
  const auto until = self->clock().now() + msg.wait;
  if (until <= closed_until + jitter) {
    if (!held->backing_off.empty()) // its own wait was shown so far
      publish(*held, held->run.parked(msg.wait));
    return;
  }
  closed_until = until;
  const auto key = held->key;
  for (auto& [job_id, each] : held_)
    if (wants_pages(each, key) && each.backing_off.empty())
      publish(each, each.run.parked(msg.wait));
}

/// `wait`: how long it lasts, 0 when nobody knows.
void JobCoordinatorState::suspend(const ProbeDue& until, const Error& error,
                                  std::chrono::milliseconds wait) {
  const bool was_paused = taking_is_paused();
  const bool is_new = until.key.empty() ? !std::exchange(store_suspended_, true)
                                        : roster_->suspend(until.key, until.reason);
  if (!is_new)
    return;
  show_suspensions(until.reason);
  report_suspension(until, error);
  if (taking_is_paused() && !was_paused)
    pause_taking(until.reason);
  const auto stop = wait.count() > 0 ? wait : pause_of(until.reason);
  probe_in(stop, until);
  probes_[{until.key, until.reason}].wait_was_told = wait.count() > 0;
  if (!until.key.empty())
    hold_up_all(until.key, until.reason, stop);
  if (until.reason == SuspensionReason::quota && !drain_)
    check_account({until.key, std::nullopt}); // what is left is to be seen now, not at the probe
}

void JobCoordinatorState::report_suspension(const ProbeDue& until, const Error& error) {
  const auto* const code = log_code(until.reason, error.code);
  if (until.reason == SuspensionReason::pace) // ends by itself
    return deps->log->info(code, "putting back jobs with this key", {subject_of(until)});
  deps->log->error(code,
                   taking_is_paused() ? "taking no jobs until this is mended"
                                      : "putting back jobs with this key until this is mended",
                   {subject_of(until), {"err", describe(error)}});
}

/// In place of what was planned before.
void JobCoordinatorState::probe_in(std::chrono::milliseconds wait, const ProbeDue& due) {
  auto& probe = probes_[{due.key, due.reason}];
  probe.at = self->clock().now() + wait;
  self->delayed_send(self, wait, ProbeDue{due.reason, due.key, ++probe.generation});
}

void JobCoordinatorState::show_suspensions(SuspensionReason reason) {
  const bool on =
    reason == SuspensionReason::store ? store_suspended_ : roster_->any_suspended(reason);
  deps->jobs->suspended(reason).Set(on ? 1 : 0);
  for (const auto& [key_name, key] : keys_)
    key.metrics->set_state(state_of(*roster_, key_name));
}

void JobCoordinatorState::probe(const ProbeDue& due) {
  const bool replaced =
    due.generation != 0 && due.generation != probes_[{due.key, due.reason}].generation;
  if (drain_ || replaced)
    return;
  if (due.reason == SuspensionReason::store)
    return self->send(deps->store_writer, ProbeStore{});
  if (due.reason == SuspensionReason::drained ||
      due.reason == SuspensionReason::pace) // the next permit tells
    return probed(due, std::nullopt);
  check_account({due.key, due.reason});
}

void JobCoordinatorState::probed(const ProbeDue& due, const std::optional<Error>& error) {
  const bool was_paused = taking_is_paused();
  const bool suspended =
    due.key.empty() ? store_suspended_ : roster_->is_suspended(due.key, due.reason);
  if (!suspended)
    return;
  if (error)
    return probe_in(pause_of(due.reason), due);
  if (due.key.empty())
    store_suspended_ = false;
  else
    roster_->resume(due.key, due.reason);
  show_suspensions(due.reason);
  deps->log->info("worker.resumed", "what stood in the way is gone; taking jobs again",
                  {subject_of(due)});
  if (was_paused && !taking_is_paused()) {
    deps->taking_paused(nullptr);
    self->send(deps->poller, ResumeTaking{});
  }
}

} // namespace gleaner
