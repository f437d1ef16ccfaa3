#pragma once

#include <cstdint>

namespace gleaner::bench {

/// What the workers of a queue call for jobs of so many pages, each of so many contacts.
struct JobsWanted {
  std::uint16_t port = 0; ///< Of Redis, on loopback.
  std::uint32_t pages = 1;
  std::uint32_t contacts = 1;
};

struct JobsEnded {
  double seconds = 0;
  std::uint64_t jobs = 0;
};

/// Sends, for all jobs that wait in the queue domain-collection, the least that keeps the promises:
/// a checkpoint for each page and an end that takes the next job. There are 32 jobs at once in two
/// halves; while Redis works on one the other one's commands go out. Throws std::runtime_error
/// with what Redis says.
JobsEnded end_all_jobs(const JobsWanted& wanted);

/// Takes so many jobs, one at a time.
void take_jobs(std::uint16_t port, std::uint32_t count);

} // namespace gleaner::bench
