#include "actors/store_writer.hpp"

#include "core/span_names.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>

#include <chrono>
#include <utility>

namespace gleaner {

namespace {

constexpr auto tidy_interval = std::chrono::minutes{1};

} // namespace

StoreWriterActor::behavior_type store_writer(StoreWriterState::Self self, StoreWriterDeps deps) {
  self->state.deps = deps;
  self->send(self, TidyDue{});
  return {
    [self](StoreCollection& msg) { self->state.gather(msg); },
    [self](FindCollection& msg) { self->state.find(msg); },
    [self](ProbeStore) { self->state.probe(); },
    [self](SaveDue) { self->state.save_group(); },
    [self](TidyDue) { self->state.tidy(); },
  };
}

void StoreWriterState::gather(StoreCollection& msg) {
  if (group_.empty())
    self->send(self, SaveDue{}); // behind all that is in the mailbox by now
  group_.push_back(std::move(msg.collection));
  waiting_.push_back({std::move(msg.lock),
                      caf::actor_cast<JobCoordinatorActor>(self->current_sender()), msg.valid_until,
                      msg.trace, self->clock().now()});
  deps.metrics->buffered.Set(static_cast<double>(group_.size()));
}

/// The wait for the group before is a part of it.
void StoreWriterState::record(const Waiting& waiting, const Status& saved) {
  auto span = child_span(span_names::store, SpanKind::internal, deps.tracer->child(waiting.trace),
                         waiting.trace);
  span.start = waiting.since;
  span.end = self->clock().now();
  span.attributes = {{span_keys::group_size, static_cast<std::int64_t>(waiting_.size())}};
  if (!saved)
    span.error = to_string(saved.error().code);
  deps.tracer->record(std::move(span));
}

void StoreWriterState::save_group() {
  const auto begin = std::chrono::steady_clock::now();
  const auto results = deps.store->save(
    group_, [this](std::size_t i) { return self->clock().now() < waiting_[i].valid_until; });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  deps.metrics->duration.Observe(took.count());
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    auto& lock = waiting_[i].lock;
    const auto& coordinator = waiting_[i].coordinator;
    (results[i] ? deps.metrics->writes_ok : deps.metrics->writes_failed).Increment();
    if (waiting_[i].trace.sampled && deps.tracer)
      record(waiting_[i], results[i]);
    if (results[i]) {
      self->send(coordinator, CollectionStored{std::move(lock)});
      continue;
    }
    self->send(coordinator,
               CollectionNotStored{std::move(lock), results[i].error(), std::move(group_[i])});
  }
  group_.clear();
  waiting_.clear();
  deps.metrics->buffered.Set(0);
  measure_free_space();
}

/// Leftovers take space that may be what is missing, and their writers may have died in any folder
/// that several machines share; so it is not enough to look at the start.
void StoreWriterState::tidy() {
  deps.reconciled->temp_files.Increment(static_cast<double>(deps.store->remove_leftovers()));
  measure_free_space();
  self->delayed_send(self, tidy_interval, TidyDue{});
}

/// Keeps the last figure when there is no newer one: a folder that is gone is no full disk.
void StoreWriterState::measure_free_space() {
  if (const auto bytes = deps.store->free_bytes())
    deps.metrics->free_bytes.Set(static_cast<double>(*bytes));
}

/// What can't be read is collected again.
void StoreWriterState::find(FindCollection& msg) {
  auto stored = deps.store->describe(msg.domain);
  self->send(caf::actor_cast<JobCoordinatorActor>(self->current_sender()),
             CollectionFound{std::move(msg.lock),
                             stored ? std::optional{std::move(*stored)} : std::nullopt});
}

void StoreWriterState::probe() {
  const auto writable = deps.store->check_writable();
  self->send(caf::actor_cast<JobCoordinatorActor>(self->current_sender()),
             StoreProbed{writable ? std::nullopt : std::optional{writable.error()}});
}

} // namespace gleaner
