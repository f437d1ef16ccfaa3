#pragma once

#include "actors/interfaces.hpp"
#include "adapters/tunnel/tunnel.hpp"
#include "app/cluster/node_pool.hpp"
#include "app/cluster/pooled_api.hpp"
#include "app/heartbeat.hpp"
#include "core/config.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/ports/budget.hpp"
#include "core/ports/collection_store.hpp"
#include "core/ports/hunter_api.hpp"
#include "core/ports/job_queue.hpp"
#include "core/ports/tracer.hpp"
#include "core/provider_profile.hpp"
#include "messages/control.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/system_messages.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gleaner {

/// Every series of a running process.
struct Metrics {
  Metrics(prometheus::Registry& registry, const Config& config, const std::string& version);
  JobMetrics jobs;
  std::map<std::string, ApiMetrics> api; ///< By name of the API key.
  ContactMetrics contacts;
  StoreMetrics store;
  ReconcileMetrics reconciled;
  RedisMetrics redis;
  ActorMetrics actors;
  ClusterMetrics cluster;
  TraceMetrics traces;
  ProcessMetrics process;
};

struct CoordinatorKey;
struct HunterFetcherDeps;
struct JobCoordinatorDeps;
struct QueuePollerDeps;

/// What goes with one API key.
struct KeyPorts {
  HunterApi* api = nullptr;
  Budget* budget = nullptr;
  Budget* count_budget = nullptr;    ///< Of the free count.
  std::optional<ApiAccount> account; ///< As read before the start.
  std::optional<Error> refusal;      ///< What the API said to that instead.
};

/// What the actors work with; all of it outlives the pipeline.
struct PipelinePorts {
  JobQueue& queue;
  std::map<std::string, KeyPorts> keys; ///< By name, all of api_keys().
  const ProviderProfile& profile;
  CollectionStore& store;
  Metrics& metrics;
  EventLog& log;
  Tracer* tracer = nullptr; ///< Null: nothing is traced.
  std::string client_id{};  ///< Of this worker, in its spans.
};

/// How the actors are run; as it stands, that is how a process runs them.
struct PipelineSetup {
  PipelineSetup();
  /// Under CAF's test scheduler, also those that have a thread of their own otherwise: nothing runs
  /// and no time passes but by hand.
  bool stepwise = false;
  std::size_t normalizers; ///< One per core.
  std::function<std::int64_t()> wall_clock_ms;
  std::function<double()> random; ///< In [0, 1).
};

/// The actors and who knows whom: the one place that knows everyone.
class Pipeline {
public:
  Pipeline(const Config& config, PipelinePorts ports, PipelineSetup setup = {});
  ~Pipeline(); ///< Ends all actors and waits for them.

  /// Lets nodes join at cluster.listen, if that is set; `keys` as in ClusterGateDeps. The port, or
  /// why it can't be had, or that there is no stunnel; nothing without the setting. @pre before
  /// run()
  Result<std::optional<std::uint16_t>>
  open_cluster(const Config& config, const std::string& version, std::function<std::string()> keys);

  /// Asks for jobs and blocks until everything is drained, or until an actor died that the others
  /// can't do without, which is told and counted; then there is nothing to return, and there has
  /// to be another pipeline, on a queue whose tokens are those of another start.
  std::optional<Drained> run();

  /// Begins the drain; run() returns when it is done, at the latest three seconds after `grace`:
  /// jobs that could not be put back by then come back by the stalled check. From any thread.
  void drain(std::chrono::milliseconds grace);

  /// The key has another secret: what stood in its way may be gone. From any thread.
  void key_replaced(const std::string& name);

  /// An actor has run within the last minute. From any thread.
  bool alive() const { return heartbeat_.alive(); }

  /// Why no jobs are taken for the time being: "quota" and the like, nullptr when they are. From
  /// any thread.
  const char* paused_for() const { return paused_for_; }

  /// Of a process that nodes may join, else null.
  std::shared_ptr<NodePool> nodes() const { return pool_; }

  /// The steps of run() and of the destructor, for who runs the actors by hand: `supervisor` asks
  /// for jobs and gets Drained, or caf::down_msg of an actor that the others can't do without; then
  /// all are told to end.
  void begin(caf::scoped_actor& supervisor);
  void end();
  caf::actor_system& system() { return system_; }

private:
  template <class... Args>
  auto spawn_blocking(Args&&... args) {
    return setup_.stepwise ? system_.spawn(std::forward<Args>(args)...)
                           : system_.spawn<caf::detached>(std::forward<Args>(args)...);
  }
  struct Part {
    const char* kind;
    caf::actor_addr address;
  };
  /// All that have to live.
  std::vector<Part> parts() const;
  void tell_of_death(const caf::down_msg& down);
  void spawn_actors(const Config& config);
  void beat();
  void spawn_governors(const Config& config);
  void join_itself(const Config& config, const std::string& version);
  HunterApi* api_of(const std::string& key, const Config& config);
  QueuePollerDeps poller_deps(const Config& config);
  CoordinatorKey coordinator_key(const ApiKey& key, const Config& config);
  HunterFetcherDeps fetcher_deps(const Config& config);
  JobCoordinatorDeps coordinator_deps(const Config& config);

  PipelinePorts ports_;
  PipelineSetup setup_;
  Heartbeat heartbeat_;
  std::atomic<const char*> paused_for_{nullptr};
  std::unique_ptr<caf::actor_system_config> system_config_;
  caf::actor_system system_;
  std::map<std::string, RateGovernorActor> governors_; ///< By name of the API key.
  std::map<std::string, RateGovernorActor> count_governors_;
  QueuePollerActor poller_;
  LockKeeperActor lock_keeper_;
  ProgressPublisherActor publisher_;
  StoreWriterActor store_writer_;
  std::vector<NormalizerActor> normalizers_;
  JobCoordinatorActor coordinator_;
  std::shared_ptr<NodePool> pool_; ///< Of a process that nodes may join.
  std::map<std::string, PooledApi> pooled_apis_;
  caf::actor gate_;
  std::unique_ptr<tunnel::Tunnel> tunnel_; ///< In front of the gate, but without TLS.
  std::atomic<bool> draining_{false};
};

} // namespace gleaner
