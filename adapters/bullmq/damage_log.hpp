#pragma once

#include "adapters/bullmq/queue_writer.hpp"
#include "adapters/bullmq/scripts.hpp"
#include "core/job.hpp"
#include "core/log.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>

namespace gleaner::bullmq {

/// Whether a key holds something else than the command is for.
bool is_wrong_type(const Error& error);

/// Tells of what others have damaged in the queue, once of each kind (queue.damaged), since nobody
/// else will. Thread-safe.
class DamageLog {
public:
  /// `client` and `log` outlive it.
  DamageLog(redis::CommandPort& client, const QueueKeys& keys, EventLog& log)
      : scripts_(client, keys), keys_(keys), log_(log) {}

  /// A main structure, or the marker, is something else; `error` is what Redis said.
  void tell_of_structure(const Error& error);
  void tell_of_marker(const Error& error);
  /// If its options can't be read.
  void look_at(const TakenJob& job);
  /// Counts ghosts, and tells of a spoilt key.
  void note(const FoundDamage& found);
  /// How many were dropped since the last call.
  std::uint64_t take_dropped() { return dropped_.exchange(0); }

private:
  void find_and_tell(const Error& error);

  ScriptRunner scripts_;
  QueueKeys keys_;
  EventLog& log_;
  std::once_flag structure_told_, marker_told_, options_told_, spoilt_told_;
  std::atomic<std::uint64_t> dropped_{0};
};

} // namespace gleaner::bullmq
