#pragma once

#include "core/collection.hpp"
#include "core/job_run.hpp"
#include "core/job_trace.hpp"
#include "core/permit.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace gleaner {

/// A job between its take and its end, as the one who decides about it knows it.
struct HeldJob {
  using Time = std::chrono::steady_clock::time_point;

  /// Of the span that the parts of its work belong to; empty: nobody traces it.
  TraceContext context() const { return trace ? trace->context() : TraceContext{}; }

  JobRun run;
  std::string key; ///< Name of its API key.
  Time since;
  Time valid_until;      ///< Of the lease: nothing is sent or stored for the job from then on.
  bool looking = false;  ///< Whether there is a collection already: asks for no page so far.
  bool claimed = false;  ///< Nobody else collects its domain.
  bool doubtful = false; ///< The lease is over; a renewal may bring it back.
  bool leaving = false;  ///< Asks for nothing more, and is put back once nothing is under way.
  std::chrono::milliseconds absence{0};        ///< For so long it is put back then.
  bool releasing = false;                      ///< Put back; only the answer is awaited.
  std::set<std::uint32_t> backing_off{};       ///< Offsets that were refused and are not here yet.
  std::map<std::uint32_t, Permit> uncharged{}; ///< By offset: pages whose cost is not known yet.
  std::size_t unpacking = 0;                   ///< Pages of the ledger that are being read.
  std::int64_t ledger_at_ms = 0;
  bool stored = false;                  ///< Its collection is.
  std::optional<Collection> unstored{}; ///< Came back because the lease was over.
  std::unique_ptr<JobTrace> trace{};    ///< Null: nobody traces it.
};

} // namespace gleaner
