#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gleaner {

/// The order is the order of a job's life; names on the wire are those of to_string().
enum class ProgressStatus : std::uint8_t {
  starting,
  fetching,
  rate_limited,
  normalizing,
  completed,
  failed,
};

const char* to_string(ProgressStatus status) noexcept;

/// A job's `progress` object. Which fields are written depends on the status:
/// starting {domain}; fetching {page, collected, total, progress}; rate_limited {page, backoffMs,
/// collected}; normalizing {domain, collected, total}; completed {domain, itemsSaved, total[,
/// fresh]}; failed {domain, error, code}.
struct Progress {
  ProgressStatus status = ProgressStatus::starting;
  std::string domain;
  std::uint32_t page = 0; ///< 1-based.
  std::uint32_t collected = 0;
  std::uint32_t total = 0;
  std::uint32_t percent = 0; ///< 0..100.
  std::uint32_t items_saved = 0;
  std::chrono::milliseconds backoff{0};
  bool fresh = false; ///< completed: nothing was asked for.
  std::string error;
  std::string code; ///< The error's class, a name of Errc.
};

/// A completed job's return value:
/// {success:true, domain, itemsCollected, total, collectedAt[, truncated][, fresh:true]}.
struct JobResult {
  std::string domain; ///< As the producer wrote it.
  std::uint32_t items_collected = 0;
  std::uint32_t total = 0;  ///< What the API says exists.
  std::string collected_at; ///< ISO 8601, UTC, ms.
  std::string truncated;    ///< Why items_collected < total; empty when complete.
  bool fresh = false;       ///< Collected by an earlier job, recently enough.
};

/// How a try ended, and what becomes of the job.
struct JobEnd {
  enum class Kind : std::uint8_t {
    completed,
    failed,       ///< For good; retries_exhausted is emitted when attempts are used up.
    retried_now,  ///< Back to waiting, attempt counted.
    retried_later ///< To delayed for `delay`, attempt counted.
  };
  Kind kind = Kind::failed;
  JobResult result;          ///< completed only.
  std::string failed_reason; ///< All but completed.
  std::chrono::milliseconds delay{0};
  std::optional<Progress> progress; ///< Written with the end, in the same script.
};

} // namespace gleaner
