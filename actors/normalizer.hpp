#pragma once

#include "actors/counted_actor.hpp"
#include "actors/interfaces.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/normalize.hpp"
#include "core/ports/page_codec.hpp"
#include "core/ports/page_reader.hpp"
#include "core/ports/tracer.hpp"
#include "messages/cluster.hpp"
#include "messages/normalize.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <span>
#include <vector>

namespace gleaner {

struct NormalizerDeps {
  PageReader read_page; ///< This actor's own.
  PageCodec codec;
  ContactMetrics* metrics = nullptr; ///< Outlives the actor.
  EventLog* log = nullptr;           ///< Likewise.
  Tracer* tracer = nullptr;          ///< Likewise; null: nothing is traced.
};

/// Reads a page's body and applies core/normalize to every entry; packs pages for the ledger and
/// unpacks them.
struct NormalizerState {
  using Self = CountedPointer<NormalizerState, NormalizerActor>;
  static inline const char* name = "Normalizer";

  explicit NormalizerState(Self owner) : self(owner) {}
  void normalize_page(const NormalizePage& msg);
  void unpack_page(UnpackPage& msg);
  void pack_page(const PackPage& msg);

  Self self;
  NormalizerDeps deps;
  Normalization normalization;

private:
  Result<NormalizedPage> read(const SharedBody& body, const TraceContext& trace,
                              std::span<const LogField> where);
  void record(const TraceContext& trace, SteadyTime start, const Result<NormalizedPage>& page);
  Result<NormalizedPage> parse(const SharedBody& body, std::span<const LogField> where);
  Result<NormalizedPage> take_over(const SharedBody& packed);
  void tell(const NormalizedPage& page, const std::vector<ContactReject>& rejects,
            std::span<const LogField> where);
};

NormalizerActor::behavior_type normalizer(NormalizerState::Self self, NormalizerDeps deps);

} // namespace gleaner
