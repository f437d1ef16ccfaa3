#pragma once

#include "adapters/bullmq/job_places.hpp"
#include "adapters/bullmq/scripts.hpp"
#include "core/job.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gleaner::bullmq {

/// What became of one job that an operator wanted changed.
enum class JobChange : std::uint8_t {
  done,
  missing,     ///< There is no such job.
  wrong_state, ///< It is not in a state for it.
  held,        ///< A worker holds it.
  planned      ///< It is the next one of a job scheduler.
};

/// What operators do to a queue, as BullMQ's Queue does it: stock clients see the same events and
/// the same states. Large ones are carried out in steps of at most `step` jobs, each atomic, so
/// that none holds Redis up; workers may act between the steps. Blocks.
class QueueAdmin {
public:
  static constexpr std::uint32_t step = 1000;

  /// `client` outlives it.
  QueueAdmin(redis::CommandPort& client, const QueueKeys& keys)
      : client_(client), base_(keys.base()), scripts_(client, keys) {}

  /// False when the queue was paused already. What runs goes on.
  Result<bool> pause();
  Result<bool> resume(); ///< False when it was not paused.

  /// Removes what waits (with `delayed`, also that; never a scheduler's next job); the number.
  Result<std::uint64_t> drain(bool delayed);

  /// Removes jobs of that state (as JobView::state) whose end, or creation for those that have not
  /// ended, is at least `grace` ago; the number. Jobs with a lock stay.
  Result<std::uint64_t> clean(const std::string& state, std::chrono::milliseconds grace);

  /// Removes the queue with all that belongs to it. Errc::usage when jobs are active, unless
  /// forced.
  Status obliterate(bool force);

  /// Runs failed or completed jobs again; `fresh` counts their attempts from 0.
  Result<std::vector<JobChange>> rerun(const std::vector<JobId>& ids, bool fresh,
                                       bool failed_only = false);
  Result<std::vector<JobChange>> promote(const std::vector<JobId>& ids);
  Result<std::vector<JobChange>> remove(const std::vector<JobId>& ids, bool failed_only = false);

private:
  Result<std::vector<JobChange>> change(const char* script, const std::vector<JobId>& ids,
                                        const std::vector<std::string>& more);
  /// `removed` were removed from the state's other structures; answers with those of this one. The
  /// last tells clients.
  Result<std::int64_t> clean_place(const JobPlace& place, std::chrono::milliseconds grace,
                                   std::int64_t removed, bool is_last);
  Status remove_own_keys();
  Status remove_all(const std::string& pattern);

  redis::CommandPort& client_;
  std::string base_;
  ScriptRunner scripts_;
};

/// Names of the prefix's queues, in order: those that a stock Queue or a worker has touched. Looks
/// through all keys in bounded steps. Blocks.
Result<std::vector<std::string>> find_queues(redis::CommandPort& client, const std::string& prefix);

} // namespace gleaner::bullmq
