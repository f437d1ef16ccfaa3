#include "actors/job_coordinator.hpp"
#include "messages/registry.hpp"

#include <string>
#include <utility>

/// The part of JobCoordinator that hands collections to the store.
namespace gleaner {

void JobCoordinatorState::store(const JobId& job_id, Held& held) {
  publish(held, held.run.normalizing());
  auto collection = held.run.collect();
  if (!collection.metadata.truncated.empty())
    note(held, "stored " + std::to_string(collection.items.size()) + " of " +
                 std::to_string(collection.total) + ": " + collection.metadata.truncated);
  send_to_store(job_id, held, std::move(collection));
}

void JobCoordinatorState::send_to_store(const JobId& job_id, const Held& held,
                                        Collection collection) {
  self->send(deps->store_writer, StoreCollection{job_id, std::move(collection), held.valid_until});
}

void JobCoordinatorState::collection_stored(const JobId& job_id) {
  auto* held = find(job_id);
  if (!held || held->run.phase() != JobRun::Phase::storing)
    return;
  held->stored = true;
  end(job_id, *held, held->run.succeed());
}

void JobCoordinatorState::collection_not_stored(CollectionNotStored& msg) {
  auto* held = find(msg.job_id);
  if (!held || held->run.phase() != JobRun::Phase::storing)
    return;
  if (msg.error.code != Errc::lease_expired)
    return fail(msg.job_id, msg.error);
  held->unstored = std::move(msg.collection);
  if (has_lease(*held)) // renewed in the meantime
    send_to_store(msg.job_id, *held, *std::exchange(held->unstored, std::nullopt));
}

} // namespace gleaner
