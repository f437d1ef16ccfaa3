#include "actors/job_coordinator.hpp"
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
    return "auth.key_rejected";
  case SuspensionReason::quota:
    return "api.quota_exhausted";
  case SuspensionReason::drained:
    return "api.key_drained";
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

} // namespace

std::chrono::milliseconds JobCoordinatorState::pause_of(SuspensionReason reason) const {
  return reason == SuspensionReason::quota ? deps->quota_probe : probe_interval(reason);
}

bool JobCoordinatorState::taking_is_paused() const {
  return store_suspended_ || roster_->none_usable();
}

/// Put back with all its pages and attempts, those on the wire awaited: at once to where another
/// node may do it, or for as long as nobody can. `wait`: how long that is, 0 when nobody knows.
void JobCoordinatorState::park(const JobId& job_id, Held& held, SuspensionReason reason,
                               const Error& error, std::chrono::milliseconds wait) {
  if (held.leaving)
    return leave_if_settled(job_id, held);
  const auto stop = wait.count() > 0 ? wait : pause_of(reason);
  deps->jobs->count_parked(reason);
  note(held, describe(error) + "; put back");
  if (reason == SuspensionReason::quota)
    publish(held, held.run.parked(stop));
  suspend({reason, reason == SuspensionReason::store ? std::string{} : held.key}, error, stop);
  leave(job_id, held, absence_for(reason, stop));
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
  for (const auto reason :
       {SuspensionReason::key, SuspensionReason::quota, SuspensionReason::drained})
    if (roster_->is_suspended(held.key, reason) && !held.run.complete()) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        probes_[{held.key, reason}].at - self->clock().now());
      const auto stop = std::max(left, std::chrono::milliseconds{1000});
      deps->jobs->count_parked(reason);
      if (reason == SuspensionReason::quota)
        publish(held, held.run.parked(stop));
      put_back(job_id, held, absence_for(reason, stop));
      return true;
    }
  return false;
}

void JobCoordinatorState::suspend(const ProbeDue& until, const Error& error,
                                  std::chrono::milliseconds wait) {
  const bool was_paused = taking_is_paused();
  const bool is_new = until.key.empty() ? !std::exchange(store_suspended_, true)
                                        : roster_->suspend(until.key, until.reason);
  if (!is_new)
    return;
  show_suspensions(until.reason);
  const bool paused = taking_is_paused();
  deps->log->error(log_code(until.reason, error.code),
                   paused ? "taking no jobs until this is mended"
                          : "putting back jobs with this key until this is mended",
                   {subject_of(until), {"err", describe(error)}});
  if (paused && !was_paused)
    self->send(deps->poller, PauseTaking{});
  probe_in(wait, until);
}

/// In place of what was planned before.
void JobCoordinatorState::probe_in(std::chrono::milliseconds wait, const ProbeDue& due) {
  auto& [at, generation] = probes_[{due.key, due.reason}];
  at = self->clock().now() + wait;
  self->delayed_send(self, wait, ProbeDue{due.reason, due.key, ++generation});
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
  if (due.reason == SuspensionReason::drained) // the next permit tells
    return probed(due, std::nullopt);
  check_account({due.key, due.reason});
}

HunterFetcherActor JobCoordinatorState::account_reader() {
  if (!account_reader_) {
    account_reader_ = deps->spawn_fetcher();
    self->monitor(*account_reader_);
  }
  return *account_reader_;
}

void JobCoordinatorState::check_account(const CheckAccount& check) {
  self->send(account_reader(), CheckAccount{check});
}

/// Its answers will not come: what they were for is asked again.
void JobCoordinatorState::account_reader_down() {
  deps->log->error("actor.down", "the reader of accounts died; the next look has another");
  account_reader_.reset();
  for (const auto& [key_name, key] : keys_)
    for (const auto reason : {SuspensionReason::key, SuspensionReason::quota})
      if (roster_->is_suspended(key_name, reason))
        probe_in(pause_of(reason), {reason, key_name});
}

/// Those that are suspended are looked at by their probes.
void JobCoordinatorState::read_accounts() {
  self->delayed_send(self, deps->account_interval, AccountsDue{});
  if (drain_)
    return;
  for (const auto& [key_name, key] : keys_)
    if (roster_->usable(key_name))
      check_account({key_name, std::nullopt});
}

/// Of the key's fate only a clear refusal counts; credits must be seen not to be at their end any
/// more. Where the account can't tell, the next job finds out.
void JobCoordinatorState::account_checked(const AccountChecked& msg) {
  const bool refused = msg.error && msg.error->code == Errc::key_rejected;
  if (msg.account)
    account_seen(msg.key, *msg.account);
  else if (refused && !msg.reason)
    suspend({SuspensionReason::key, msg.key}, *msg.error, pause_of(SuspensionReason::key));
  if (msg.reason) {
    const bool lasts = *msg.reason == SuspensionReason::key
                         ? refused
                         : !msg.account || is_used_up(msg.key, *msg.account);
    probed({*msg.reason, msg.key}, lasts ? std::optional{msg.error.value_or(
                                             used_up(msg.key, msg.account.value_or(ApiAccount{})))}
                                         : std::nullopt);
  }
}

bool JobCoordinatorState::is_used_up(const std::string& key, const ApiAccount& account) const {
  const auto& floor = keys_.at(key).floor;
  return has_no_credits(account) ||
         (floor && account.credits_remaining && !account.remaining_is_estimate &&
          *account.credits_remaining <= *floor);
}

Error JobCoordinatorState::used_up(const std::string& key, const ApiAccount& account) const {
  const auto& floor = keys_.at(key).floor;
  if (has_no_credits(account) || !floor)
    return {Errc::quota_exhausted, why_no_credits(account)};
  return {Errc::quota_exhausted,
          "the account is at its floor of " + std::to_string(*floor) + " credits"};
}

void JobCoordinatorState::account_seen(const std::string& key_name, const ApiAccount& account) {
  const auto& key = keys_.at(key_name);
  key.metrics->quota_refresh.Set(static_cast<double>(deps->wall_clock_ms()) / 1000);
  if (account.credits_remaining && !account.remaining_is_estimate)
    self->send(key.governor, AccountSeen{*account.credits_remaining, account.asked_at});
  if (is_used_up(key_name, account))
    suspend({SuspensionReason::quota, key_name}, used_up(key_name, account),
            pause_of(SuspensionReason::quota));
}

void JobCoordinatorState::charge(Held& held, std::uint32_t offset, std::uint32_t contacts) {
  if (const auto node = held.uncharged.extract(offset))
    self->send(keys_.at(held.key).governor, PageCharged{node.mapped(), contacts});
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
  if (was_paused && !taking_is_paused())
    self->send(deps->poller, ResumeTaking{});
}

} // namespace gleaner
