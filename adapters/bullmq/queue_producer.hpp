#pragma once

#include "adapters/bullmq/queue_keys.hpp"
#include "adapters/redis/redis_client.hpp"
#include "core/job.hpp"
#include "core/ports/tracer.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gleaner::bullmq {

/// BullMQ's job options that the command line offers.
struct AddOptions {
  std::uint32_t priority = 0; ///< 0 (none) .. 2^21-1.
  std::chrono::milliseconds delay{0};
  std::uint32_t attempts = 3;
  std::chrono::milliseconds backoff{2000}; ///< Exponential.
  /// By domain: while such a job has not ended, or for so long, no other is added.
  bool deduplicate = false;
  std::chrono::milliseconds deduplicate_for{0}; ///< 0: until the job ends.
  std::string key_name{};                       ///< API key to use; empty: the worker's choice.
  std::string tenant{};                         ///< Whose job it is; empty: nobody's.
  bool refresh = false;                         ///< Even if a recent collection is there.
};

struct AddedJob {
  JobId id;
  bool is_new = true; ///< False: the job that owns the deduplication id was there already.
};

/// The options and the data of a collection job, as BullMQ's clients store them.
/// `trace` is the span that adds the job; empty: none.
std::string options_json(const AddOptions& options, const std::string& domain,
                         const TraceContext& trace = {});
std::string data_json(const AddOptions& options, const std::string& domain);

/// Adds collection jobs as `queue.add('collect-domain', {domain}, opts)` does. Blocks.
class QueueProducer {
public:
  /// `tracer` outlives it; null: nothing is traced.
  QueueProducer(redis::RedisClient& client, QueueKeys keys, Tracer* tracer = nullptr);

  /// One job per domain, all in one pipeline. In the order of the domains; on an error some
  /// may have been added. At most a few thousand per call: memory grows with the span.
  Result<std::vector<AddedJob>> add(std::span<const std::string> domains,
                                    const AddOptions& options);

private:
  redis::RedisClient& client_;
  QueueKeys keys_;
  Tracer* tracer_;
};

} // namespace gleaner::bullmq
