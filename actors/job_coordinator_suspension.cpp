#include "actors/job_coordinator.hpp"
#include "messages/registry.hpp"

#include <utility>

/// The part of JobCoordinator that stops taking jobs while something fails that all of them need.
namespace gleaner {

namespace {

const char* log_code(SuspensionReason reason, Errc why) {
  if (reason == SuspensionReason::key)
    return "auth.key_rejected";
  if (reason == SuspensionReason::quota)
    return "api.quota_exhausted";
  return why == Errc::store_full ? "store.full" : "store.io_error";
}

} // namespace

std::chrono::milliseconds JobCoordinatorState::pause_of(SuspensionReason reason) const {
  return reason == SuspensionReason::quota ? deps->quota_probe : probe_interval(reason);
}

/// Put back with all its pages and attempts: at once to where another node may do it, or for as
/// long as nobody can.
void JobCoordinatorState::park(const JobId& job_id, Held& held, SuspensionReason reason,
                               const Error& error) {
  deps->jobs->count_parked(reason);
  note(held, describe(error) + "; put back");
  if (reason == SuspensionReason::quota)
    publish(held, held.run.parked(deps->quota_probe));
  put_back(job_id, held,
           reason == SuspensionReason::key ? std::chrono::milliseconds{} : pause_of(reason));
  suspend(reason, error);
}

void JobCoordinatorState::suspend(SuspensionReason reason, const Error& error) {
  if (!suspended_.insert(reason).second)
    return;
  deps->jobs->suspended(reason).Set(1);
  deps->log->error(log_code(reason, error.code), "taking no jobs until this is mended",
                   {{"err", describe(error)}});
  self->send(deps->poller, PauseTaking{});
  self->delayed_send(self, pause_of(reason), ProbeDue{reason});
}

void JobCoordinatorState::probe(SuspensionReason reason) {
  if (!suspended_.contains(reason) || drain_)
    return;
  if (reason == SuspensionReason::store)
    return self->send(deps->store_writer, ProbeStore{});
  auto fetcher = fetchers->acquire([this] {
    auto spawned = deps->spawn_fetcher();
    self->monitor(spawned);
    return spawned;
  });
  if (!fetcher) // all are busy, and learn it themselves
    return self->delayed_send(self, pause_of(reason), ProbeDue{reason});
  self->send(*fetcher, CheckAccount{reason});
  const auto id = fetcher->id();
  errands_.insert_or_assign(id, Errand{std::move(*fetcher), {}, 0, reason});
}

/// Of the key's fate only a clear refusal counts; credits must be seen not to be at their end any
/// more. Where the account can't tell, the next job finds out.
void JobCoordinatorState::account_checked(const AccountChecked& msg) {
  free_fetcher();
  const bool refused = msg.error && msg.error->code == Errc::key_rejected;
  const bool empty = !msg.account || has_no_credits(*msg.account);
  const bool lasts = msg.reason == SuspensionReason::key ? refused : empty;
  probed(msg.reason, lasts ? std::optional{msg.error.value_or(
                               Error{Errc::quota_exhausted, "the account has no credits left"})}
                           : std::nullopt);
  assign_pages();
}

void JobCoordinatorState::probed(SuspensionReason reason, const std::optional<Error>& error) {
  if (!suspended_.contains(reason))
    return;
  if (error)
    return self->delayed_send(self, pause_of(reason), ProbeDue{reason});
  suspended_.erase(reason);
  deps->jobs->suspended(reason).Set(0);
  deps->log->info("worker.resumed", "what stood in the way is gone; taking jobs again");
  if (suspended_.empty())
    self->send(deps->poller, ResumeTaking{});
}

} // namespace gleaner
