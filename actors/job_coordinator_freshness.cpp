#include "actors/job_coordinator.hpp"
#include "core/iso_time.hpp"
#include "messages/registry.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

/// The part of JobCoordinator that does not collect again what is there, nor twice at once.
namespace gleaner {

namespace {

constexpr std::chrono::seconds look_interval{1};

} // namespace

void JobCoordinatorState::begin_collecting(const JobId& job_id, Held& held) {
  if (deps->fresh_for.count() > 0 && !held.run.job().refresh)
    return look_for_collection(held);
  begin_pages(job_id, held);
}

/// Shows at once that it will have to wait, if so.
void JobCoordinatorState::begin_pages(const JobId& job_id, Held& held) {
  if (park_without_key(job_id, held))
    return;
  const auto closed = keys_.at(held.key).closed_until - self->clock().now();
  if (closed >= std::chrono::seconds{1})
    publish(held, held.run.parked(std::chrono::ceil<std::chrono::milliseconds>(closed)));
  go_on(job_id, held);
}

void JobCoordinatorState::look_for_collection(Held& held) {
  held.looking = true;
  self->send(deps->store_writer, FindCollection{held.run.job().lock, held.run.job().domain});
}

bool JobCoordinatorState::is_fresh(const Held& held, const CollectionInfo& stored) const {
  const auto collected_at = parse_iso_time(stored.collected_at);
  const auto age = deps->wall_clock_ms() - collected_at.value_or(0);
  constexpr std::int64_t most_ahead_ms = 300000; // by another machine's clock
  return collected_at && age < deps->fresh_for.count() && age >= -most_ahead_ms &&
         held.run.would_repeat(stored, keys_.at(held.key).limits.plan_cap);
}

void JobCoordinatorState::collection_found(const CollectionFound& msg) {
  auto* held = find(msg.lock);
  if (!held || !held->looking)
    return;
  const auto& job_id = msg.lock.job_id;
  if (!has_lease(*held))
    return self->delayed_send(self, look_interval, LookDue{msg.lock});
  if (msg.stored && is_fresh(*held, *msg.stored)) {
    note(*held, "a collection of " + msg.stored->collected_at + " is recent enough");
    const auto& key = keys_.at(held->key);
    key.metrics->saved_fresh.Increment(key.cost.credits_for(msg.stored->items));
    key.metrics->requests_saved_by_fresh.Increment(
      std::max(1.0, std::ceil(msg.stored->rows / double(key.limits.page_size))));
    return end(job_id, *held, held->run.reuse(*msg.stored));
  }
  if (!held->claimed)
    return self->send(deps->publisher, ClaimDomain{msg.lock, held->run.query_domain()});
  held->looking = false;
  begin_pages(job_id, *held);
}

/// What another job has stored in the meantime is looked at before anything is asked for.
void JobCoordinatorState::domain_claimed(const DomainClaimed& msg) {
  auto* held = find(msg.lock);
  if (!held || !held->looking)
    return;
  held->claimed = msg.claim != DomainClaim::busy;
  switch (msg.claim) {
  case DomainClaim::busy:
    return self->delayed_send(self, look_interval, LookDue{msg.lock});
  case DomainClaim::next:
    return look_for_collection(*held);
  case DomainClaim::first:
    break;
  }
  held->looking = false;
  begin_pages(msg.lock.job_id, *held);
}

void JobCoordinatorState::look_due(const LookDue& msg) {
  if (auto* held = find(msg.lock); held && held->looking)
    look_for_collection(*held);
}

} // namespace gleaner
