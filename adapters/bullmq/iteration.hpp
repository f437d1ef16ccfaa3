#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gleaner::bullmq {

/// A job scheduler's record (hash `repeat:<id>`) and place (zset `repeat`). Versions before 5.31
/// write no template and no count.
struct SchedulerRecord {
  std::optional<std::string> name, data, every, offset, count;
  std::optional<std::int64_t> at_ms; ///< When its latest job is due; none: it was removed.
};

/// The job that a scheduler made last, as its hash has it.
struct SchedulerJob {
  std::string scheduler; ///< Its maker's id.
  std::string name, data, opts;
};

/// The job that a scheduler makes next.
struct Iteration {
  std::string scheduler;
  std::int64_t previous_ms = 0; ///< Due time of the job before it.
  std::int64_t next_ms = 0;
  std::string name, data, opts; ///< data and opts are JSON.
  std::uint32_t priority = 0;
};

/// The id of a scheduler's job that is due at that time.
std::string iteration_id(const std::string& scheduler, std::int64_t due_ms);

/// What comes after `job`, which was just taken at `now_ms`: nothing when the scheduler is gone or
/// its limit or end is reached, an error when its pattern can't be read. Rules of BullMQ's
/// schedulers: "every" stays on its grid and skips what was missed; a pattern runs next after now.
Result<std::optional<Iteration>> next_iteration(const SchedulerRecord& record,
                                                const SchedulerJob& job, std::int64_t now_ms);

} // namespace gleaner::bullmq
