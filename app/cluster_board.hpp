#pragma once

#include "adapters/redis/command_port.hpp"
#include "app/cluster/node_pool.hpp"
#include "app/cluster_keys.hpp"
#include "core/log.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace gleaner {

/// What a coordinator tells of itself.
struct CoordinatorFacts {
  std::string id;                                  ///< Unlike that of any other.
  std::string version;                             ///< Of its program.
  std::string address;                             ///< host:port at which nodes join.
  std::optional<std::int64_t> certificate_ends_ms; ///< Unset: without TLS.
};

/// Tells in Redis which nodes a coordinator has, and heeds there which of them are drained, every
/// few seconds on a thread of its own. While Redis does not answer, all stays as it was.
class ClusterBoard {
public:
  static constexpr std::chrono::seconds interval{5};

  /// @pre `redis` and `log` outlive it. What Redis refuses is told once.
  ClusterBoard(redis::CommandPort& redis, ClusterKeys keys, CoordinatorFacts facts,
               std::shared_ptr<NodePool> pool, EventLog& log);
  ~ClusterBoard(); ///< Takes down what it told.
  ClusterBoard(const ClusterBoard&) = delete;
  ClusterBoard& operator=(const ClusterBoard&) = delete;

private:
  struct Refusals;
  void keep();
  void exchange();
  std::string as_json() const;

  redis::CommandPort& redis_;
  ClusterKeys keys_;
  CoordinatorFacts facts_;
  std::shared_ptr<NodePool> pool_;
  std::shared_ptr<Refusals> refusals_; ///< Of Redis; also that of answers which are still to come.
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false; ///< Guarded by the mutex.
  std::thread thread_;
};

} // namespace gleaner
