#include "actors/job_coordinator.hpp"
#include "messages/registry.hpp"

#include <utility>

/// The part of JobCoordinator that stops taking jobs while something fails that all of them need.
namespace gleaner {

namespace {

const char* log_code(SuspensionReason reason, Errc why) {
  if (reason == SuspensionReason::key)
    return "auth.key_rejected";
  return why == Errc::store_full ? "store.full" : "store.io_error";
}

} // namespace

/// Put back with all its pages and attempts: to waiting if nobody can do it for now, else a little
/// later, so that a node with a store that works can have it.
void JobCoordinatorState::park(const JobId& job_id, Held& held, SuspensionReason reason,
                               const Error& error) {
  deps->jobs->count_parked(reason);
  note(held, describe(error) + "; put back");
  put_back(job_id, held,
           reason == SuspensionReason::store ? probe_interval(reason)
                                             : std::chrono::milliseconds{});
  suspend(reason, error);
}

void JobCoordinatorState::suspend(SuspensionReason reason, const Error& error) {
  if (!suspended_.insert(reason).second)
    return;
  deps->jobs->suspended(reason).Set(1);
  deps->log->error(log_code(reason, error.code), "taking no jobs until this is mended",
                   {{"err", describe(error)}});
  self->send(deps->poller, PauseTaking{});
  self->delayed_send(self, probe_interval(reason), ProbeDue{reason});
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
    return self->delayed_send(self, probe_interval(reason), ProbeDue{reason});
  self->send(*fetcher, CheckKey{});
  const auto id = fetcher->id();
  errands_.insert_or_assign(id, Errand{std::move(*fetcher), {}, 0});
}

void JobCoordinatorState::key_checked(const KeyChecked& msg) {
  free_fetcher();
  const bool refused = msg.error && msg.error->code == Errc::key_rejected;
  probed(SuspensionReason::key, refused ? msg.error : std::nullopt);
  assign_pages();
}

void JobCoordinatorState::probed(SuspensionReason reason, const std::optional<Error>& error) {
  if (!suspended_.contains(reason))
    return;
  if (error)
    return self->delayed_send(self, probe_interval(reason), ProbeDue{reason});
  suspended_.erase(reason);
  deps->jobs->suspended(reason).Set(0);
  deps->log->info("worker.resumed", "what stood in the way is gone; taking jobs again");
  if (suspended_.empty())
    self->send(deps->poller, ResumeTaking{});
}

} // namespace gleaner
