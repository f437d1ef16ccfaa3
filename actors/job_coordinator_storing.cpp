#include "actors/job_coordinator.hpp"
#include "messages/registry.hpp"

#include <string>
#include <utility>

/// The part of JobCoordinator that hands collections to the store.
namespace gleaner {

void JobCoordinatorState::store(Held& held) {
  if (auto progress = held.run.normalizing())
    publish(held, std::move(*progress));
  auto collection = held.run.collect();
  if (!collection.metadata.truncated.empty())
    note(held, "stored " + std::to_string(collection.items.size()) + " of " +
                 std::to_string(collection.total) + ": " + collection.metadata.truncated);
  report_pagination(held, collection.metadata.truncated == "ended_early");
  send_to_store(held, std::move(collection));
}

/// What the pages told of each other and was not true.
void JobCoordinatorState::report_pagination(const Held& held, bool ended_early) {
  const auto tell_of = [&](const char* kind, prometheus::Counter& counter) {
    counter.Increment();
    report(LogLevel::info, "api.pagination", "the pages of this domain contradict each other", held,
           {{"kind", kind}});
  };
  if (ended_early)
    tell_of("ended_early", deps->contacts->ended_early);
  if (held.run.total_changed())
    tell_of("total_changed", deps->contacts->total_changed);
}

void JobCoordinatorState::send_to_store(const Held& held, Collection collection) {
  self->send(deps->store_writer, StoreCollection{held.run.job().lock, std::move(collection),
                                                 held.valid_until, held.context()});
}

void JobCoordinatorState::collection_stored(const JobLock& lock) {
  auto* held = find(lock);
  if (!held || held->run.phase() != JobRun::Phase::storing)
    return;
  held->stored = true;
  end(lock.job_id, *held, held->run.succeed());
}

void JobCoordinatorState::collection_not_stored(CollectionNotStored& msg) {
  auto* held = find(msg.lock);
  if (!held || held->run.phase() != JobRun::Phase::storing)
    return;
  if (msg.error.code != Errc::lease_expired)
    return fail(msg.lock.job_id, msg.error);
  held->unstored = std::move(msg.collection);
  if (has_lease(*held)) // renewed in the meantime
    send_to_store(*held, *std::exchange(held->unstored, std::nullopt));
}

} // namespace gleaner
