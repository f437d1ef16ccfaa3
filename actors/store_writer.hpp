#pragma once

#include "actors/counted_actor.hpp"
#include "actors/interfaces.hpp"
#include "core/metrics.hpp"
#include "core/ports/collection_store.hpp"
#include "core/ports/tracer.hpp"
#include "messages/store.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <vector>

namespace gleaner {

/// All outlive the actor.
struct StoreWriterDeps {
  CollectionStore* store = nullptr;
  StoreMetrics* metrics = nullptr;
  ReconcileMetrics* reconciled = nullptr;
  Tracer* tracer = nullptr; ///< Null: nothing is traced.
};

/// Saves collections in groups: whatever has arrived by the time the previous group is done.
struct StoreWriterState {
  using Self = CountedPointer<StoreWriterState, StoreWriterActor>;
  static inline const char* name = "StoreWriter";

  explicit StoreWriterState(Self owner) : self(owner) {}
  void gather(StoreCollection& msg);
  void save_group();
  void find(FindCollection& msg);
  void probe();
  void tidy();

  Self self;
  StoreWriterDeps deps;

private:
  void measure_free_space();

  struct Waiting {
    JobLock lock;
    JobCoordinatorActor coordinator;
    std::chrono::steady_clock::time_point valid_until;
    TraceContext trace;
    std::chrono::steady_clock::time_point since;
  };
  void record(const Waiting& waiting, const Status& saved);
  std::vector<Collection> group_;
  std::vector<Waiting> waiting_; ///< In step with group_.
};

StoreWriterActor::behavior_type store_writer(StoreWriterState::Self self, StoreWriterDeps deps);

} // namespace gleaner
