#pragma once

#include "adapters/bullmq/job_browser.hpp"
#include "adapters/bullmq/queue_producer.hpp"
#include "core/error.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <vector>

namespace gleaner {

/// Queues domains as they come, a chunk at a time; while Redis works on one, the next is gathered.
class Enqueuer {
public:
  struct Limits {
    std::uint64_t most_waiting = 0; ///< Jobs not yet started; more wait here. 0: no limit.
    std::uint64_t first_line = 1;   ///< Where the domains begin.
  };

  /// `on_added` gets every job; `producer` and `browser` outlive the enqueuer.
  Enqueuer(bullmq::QueueProducer& producer, bullmq::JobBrowser& browser, bullmq::AddOptions options,
           Limits limits, std::function<void(const bullmq::AddedJob&)> on_added);

  /// `line` is where the domain stood. Blocks while there is no room.
  void take(std::string domain, std::uint64_t line);
  void finish(); ///< Queues the rest; after it the figures are final.

  /// Redis took no more: nothing further is queued.
  const std::optional<Error>& failure() const noexcept { return failure_; }
  bool deduplicates() const noexcept { return options_.deduplicate; }
  std::uint64_t queued() const noexcept { return queued_; }
  std::uint64_t existing() const noexcept { return existing_; } ///< Had a job already.
  /// The first line that may not be queued yet. For signal handlers too.
  const std::atomic<std::uint64_t>& next_line() const noexcept { return next_line_; }

private:
  using Added = Result<std::vector<bullmq::AddedJob>>;
  struct Chunk {
    std::vector<std::string> domains;
    std::uint64_t last_line = 0;
  };

  void send();
  void settle(); ///< Waits for the chunk under way.
  bool await_room();

  bullmq::QueueProducer& producer_;
  bullmq::JobBrowser& browser_;
  bullmq::AddOptions options_;
  Limits limits_;
  std::function<void(const bullmq::AddedJob&)> on_added_;
  std::size_t chunk_size_;
  Chunk gathered_, sent_;
  std::future<Added> under_way_;
  std::uint64_t queued_ = 0, existing_ = 0;
  std::atomic<std::uint64_t> next_line_;
  bool told_of_wait_ = false;
  std::optional<Error> failure_;
};

} // namespace gleaner
